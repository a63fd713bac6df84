import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ImportResult } from '../../shared/protocol/contract'

/** The dialog on screen. One at a time; a question (`ask`) stands above it. */
export type Dialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'about' }
  | { readonly kind: 'open' }
  | { readonly kind: 'save-as' }
  | { readonly kind: 'figure'; readonly step?: string; readonly index?: number }
  | { readonly kind: 'import'; readonly name: string; readonly bytes?: Uint8Array; readonly path?: string; readonly arrays: NonNullable<ImportResult['arrays']> }

export interface Question {
  readonly title: string
  readonly text: string
  readonly answers: readonly { readonly id: string; readonly label: string; readonly style?: 'primary' | 'danger' }[]
  readonly resolve: (answer: string | undefined) => void
}

export interface Dialogs {
  readonly store: StoreApi<{ readonly dialog: Dialog | undefined; readonly question: Question | undefined }>
  show(dialog: Dialog): void
  close(): void
  /** Resolves to the id of the chosen answer, undefined when dismissed. */
  ask(question: Omit<Question, 'resolve'>): Promise<string | undefined>
}

export function createDialogs(): Dialogs {
  const store = createStore<{ readonly dialog: Dialog | undefined; readonly question: Question | undefined }>(() => ({ dialog: undefined, question: undefined }))
  return {
    store,
    show: dialog => store.setState({ dialog }),
    close: () => store.setState({ dialog: undefined }),
    ask: question =>
      new Promise(resolve => {
        store.getState().question?.resolve(undefined)
        store.setState({
          question: {
            ...question,
            resolve: answer => {
              store.setState({ question: undefined })
              resolve(answer)
            },
          },
        })
      }),
  }
}
