import { useStore } from 'zustand'
import { useApp } from './app'
import { Dialog } from './Dialog'

/** A question that must be answered before anything else goes on. */
export function QuestionDialog() {
  const { dialogs } = useApp()
  const question = useStore(dialogs.store, state => state.question)
  if (!question) return null
  return (
    <Dialog
      title={question.title}
      onClose={() => question.resolve(undefined)}
      footer={question.answers.map(answer => (
        <button key={answer.id} type="button" className={`button ${answer.style ?? ''}`} data-autofocus={answer.style === 'primary' || undefined} onClick={() => question.resolve(answer.id)}>
          {answer.label}
        </button>
      ))}
    >
      <p>{question.text}</p>
    </Dialog>
  )
}
