import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { cancel, compute, duration, isActive } from '../../app/computing'
import { exportModel } from '../../app/export-model'
import { duplicateStep, idFault, removeStep, renameStep } from '../../app/steps'
import type { StepEnvelope } from '../../../shared/experiment/document'
import type { StepState } from '../../../shared/protocol/contract'
import { FaultLine } from '../problem/FaultLine'
import { TextField } from '../problem/TextField'
import { keyNumber, methodWords, progressWords, statusWord, whatItDid } from './step-words'

interface Properties {
  readonly step: StepEnvelope
  readonly state: StepState | undefined
  readonly selected: boolean
}

/** One row: state, name, key number, what it did; its bar while it runs; what went wrong when it failed. */
export function StepRow({ step, state, selected }: Properties) {
  const app = useApp()
  const [renaming, setRenaming] = useState(false)
  const progress = useStore(app.jobs, jobs => jobs.progress[step.id]) ?? state?.progress
  const status = state?.status ?? 'idle'
  const running = status === 'running'
  const select = (): void => {
    app.layout.setState({ selectedStep: step.id })
    app.docking.showStep(step.id)
  }
  const automatic = useStore(app.checker.store, checked => checked.result?.method)
  const method = methodWords(step, state, app.registry.methods, automatic)
  const doing = running && progress ? progressWords(progress) : whatItDid(step, state, method)
  const number = status === 'done' || status === 'outdated' || (status === 'cancelled' && state?.result?.stopped) ? keyNumber(step, state) : undefined
  return (
    <li className={`step-row ${selected ? 'selected' : ''}`}>
      {renaming ? (
        <div className="step-rename" onBlur={() => setRenaming(false)}>
          <RenameField step={step} onDone={() => setRenaming(false)} />
        </div>
      ) : (
        <button type="button" className="step-main" aria-current={selected ? 'true' : undefined} onClick={select} onDoubleClick={() => setRenaming(true)} data-step={step.id}>
          <span className={`dot ${status}`} aria-hidden />
          <span className="step-name">{step.id}</span>
          <span className="step-number" title={number?.tip}>
            {number && number.word && <span className="step-measure">{number.word} </span>}
            {number?.text ?? (running && progress?.secondsLeft !== undefined ? `${duration(progress.secondsLeft)} left` : '')}
          </span>
          <span className="secondary step-did" title={method?.reason === undefined ? undefined : `Chosen automatically. ${method.reason}`}>
            <span className={`step-status ${status}`}>{statusWord(status, state)}</span>
            {doing && ` · ${doing}`}
          </span>
          {running && (
            <span
              className={`bar ${progress?.fraction === undefined ? 'indeterminate' : ''}`}
              role="progressbar"
              aria-label={`Progress of ${step.id}`}
              aria-valuemin={0}
              aria-valuemax={100}
              aria-valuenow={progress?.fraction === undefined ? undefined : Math.round(progress.fraction * 100)}
            >
              <span style={progress?.fraction === undefined ? undefined : { width: `${Math.min(100, progress.fraction * 100)}%` }} />
            </span>
          )}
        </button>
      )}
      <StepMenu step={step} state={state} onRename={() => setRenaming(true)} />
      {state && (status === 'failed' || status === 'cancelled') && (
        <div className={`step-failure ${status}`} role={status === 'failed' ? 'alert' : undefined}>
          {state.faults.map((fault, i) => (
            <FaultLine key={i} fault={fault} />
          ))}
          {status === 'cancelled' && state.faults.length === 0 && <p>Stopped.</p>}
          <p className="secondary">
            {state.resumable ? 'Work up to the last checkpoint is kept.' : state.result ? '' : 'Nothing of this run was kept.'} {state.result && (state.result.stopped ? 'The views show what was reached.' : 'The views show the earlier result.')}
          </p>
          <div className="step-actions">
            <button type="button" className="button" onClick={() => void compute(app, [step.id])}>
              {state.resumable ? 'Resume' : 'Compute again'}
            </button>
          </div>
        </div>
      )}
    </li>
  )
}

function RenameField({ step, onDone }: { readonly step: StepEnvelope; readonly onDone: () => void }) {
  const app = useApp()
  const others = app.session.store.getState().document?.steps ?? []
  return (
    <span
      ref={element => element?.querySelector('input')?.select()}
      onKeyDown={event => {
        if (event.key === 'Escape' || event.key === 'Enter') onDone()
      }}
    >
      <TextField
        label={`New name of ${step.id}`}
        value={step.id}
        fault={text => idFault(text, others, step.id)}
        onCommit={text => renameStep(app, step.id, text)}
      />
    </span>
  )
}

function StepMenu({ step, state, onRename }: { readonly step: StepEnvelope; readonly state: StepState | undefined; readonly onRename: () => void }) {
  const app = useApp()
  const active = state !== undefined && isActive(state)
  const stopping = useStore(app.jobs, jobs => jobs.stopping.includes(step.id))
  if (active) {
    return (
      <button type="button" className="button quiet step-menu shown" disabled={stopping} onClick={() => void cancel(app, step.id)} aria-label={`Stop ${step.id}`}>
        {stopping ? '…' : 'Stop'}
      </button>
    )
  }
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="button quiet step-menu" aria-label={`Actions of ${step.id}`}>
        ⋯
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.querySelector('.rail')}>
        <DropdownMenu.Content className="menu" align="end" sideOffset={2} onCloseAutoFocus={event => event.preventDefault()}>
          <DropdownMenu.Item onSelect={() => void compute(app, [step.id])}>{state?.resumable ? 'Resume' : 'Compute'}</DropdownMenu.Item>
          <DropdownMenu.Item disabled={!state?.result} onSelect={() => app.dialogs.show({ kind: 'figure', step: step.id })}>
            Export figure…
          </DropdownMenu.Item>
          {state?.result?.models && <DropdownMenu.Item onSelect={() => void exportModel(app, step.id, state.result!.models![0].file)}>Export network (ONNX)…</DropdownMenu.Item>}
          <DropdownMenu.Separator />
          <DropdownMenu.Item onSelect={onRename}>Rename</DropdownMenu.Item>
          <DropdownMenu.Item onSelect={() => duplicateStep(app, step.id)}>Duplicate</DropdownMenu.Item>
          <DropdownMenu.Item onSelect={() => removeStep(app, step.id)}>Remove</DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
