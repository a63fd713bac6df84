import { useEffect, useState } from 'react'
import { FaultError } from '../../../../shared/fault'
import type { ViewProps } from '../../view'

/** Small arrays of a step's result by name; undefined until they are all here. Nothing is read while `isIdle`. */
export function useArrays({ client, experiment, step }: Pick<ViewProps, 'client' | 'experiment' | 'step'>, names: readonly string[], isIdle = false): { readonly arrays: Readonly<Record<string, Float64Array>> | undefined; readonly message: string | undefined } {
  const [state, setState] = useState<{ arrays?: Readonly<Record<string, Float64Array>>; message?: string }>({})
  const wantedNames = names.join('\n')
  const { result } = step
  useEffect(() => {
    if (!result || isIdle || wantedNames === '') return setState({})
    let wanted = true
    const list = wantedNames.split('\n')
    Promise.all(list.map(array => client.call('array.read', { experiment, ref: { step: step.id, array } }))).then(
      all => wanted && setState({ arrays: Object.fromEntries(all.map(({ values }, k) => [list[k], values])) }),
      (reason: unknown) => wanted && setState({ message: reason instanceof FaultError ? reason.message : 'The array could not be read.' }),
    )
    return () => void (wanted = false)
  }, [client, experiment, step.id, result, wantedNames, isIdle])
  return { arrays: state.arrays, message: state.message }
}
