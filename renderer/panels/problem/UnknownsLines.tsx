import { useApp } from '../../app/app'
import { replaceEdit } from '../../app/patches'
import type { Statement } from '../../../shared/experiment/document'
import type { Json } from '../../../shared/json'
import { RemoveButton } from './Section'
import { editProblem } from './spelled'
import { freeName, namesFrom } from './statement'
import { TextField } from './TextField'

type Unknown = Statement['unknowns'][number]
const types = [{ id: 'real', name: 'real' }, { id: 'complex', name: 'complex' }, { id: 'vector', name: 'vector' }] as const
type Type = (typeof types)[number]['id']

export const nameOf = (unknown: Unknown): string => (typeof unknown === 'string' ? unknown : unknown.name)
const typeOf = (unknown: Unknown): Type => (typeof unknown === 'string' ? 'real' : (unknown.type ?? 'real'))
const written = (name: string, type: Type): Json => (type === 'real' ? name : { name, type })

/** What is looked for: each unknown with its type. */
export function UnknownsLines({ problem }: { readonly problem: Statement }) {
  const app = useApp()
  const { unknowns } = problem
  const names = unknowns.map(nameOf)
  const set = (next: readonly Json[]): void => editProblem(app, spelled => replaceEdit(spelled, ['problem', 'unknowns'], next))
  const all = (): Json[] => unknowns.map(unknown => written(nameOf(unknown), typeOf(unknown)))
  return (
    <>
      {unknowns.map((unknown, i) => (
        <div className="line" key={i} data-path={i === 0 ? 'problem.unknowns' : `problem.unknowns[${i}]`}>
          <span className="line-name">{i === 0 ? (unknowns.length === 1 ? 'Unknown' : 'Unknowns') : ''}</span>
          <div className="interval">
            <TextField
              label={unknowns.length === 1 ? 'Unknown' : `Unknown ${i + 1}`}
              value={nameOf(unknown)}
              fault={text => (namesFrom(text)?.length !== 1 ? 'A name starts with a letter and has letters, digits and underscores.' : names.some((name, k) => name === text && k !== i) ? `There is already an unknown “${text}”.` : undefined)}
              onCommit={text => set(all().map((other, k) => (k === i ? written(text, typeOf(unknown)) : other)))}
            />
            <select className="select" aria-label={`Type of ${nameOf(unknown)}`} value={typeOf(unknown)} onChange={event => set(all().map((other, k) => (k === i ? written(nameOf(unknown), event.target.value as Type) : other)))}>
              {types.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
            {unknowns.length > 1 && <RemoveButton label={`Remove the unknown ${nameOf(unknown)}`} onClick={() => set(all().filter((_, k) => k !== i))} />}
            {i === unknowns.length - 1 && (
              <button type="button" className="button quiet" onClick={() => set([...all(), freeName(names, [...'uvwpqhs'])])}>
                Add
              </button>
            )}
          </div>
        </div>
      ))}
    </>
  )
}
