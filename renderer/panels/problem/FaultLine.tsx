import type { Fault } from '../../../shared/fault'

const words = { error: 'Error', warning: 'Warning', info: 'Note' } as const

export function FaultLine({ fault }: { readonly fault: Fault }) {
  return (
    <p className={`fault ${fault.severity}`}>
      <span className="visually-hidden">{words[fault.severity]}: </span>
      <span>
        {fault.message} {fault.tip && <span className="tip">{fault.tip}</span>}
      </span>
    </p>
  )
}
