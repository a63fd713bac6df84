import { useEffect, useState } from 'react'
import { useApp } from './app'
import { receiveFile } from './imports'

/** Files may be dropped anywhere on the window; while one hovers, the window says what will happen. */
export function DropTarget() {
  const app = useApp()
  const [over, setOver] = useState(false)
  useEffect(() => {
    let depth = 0
    const isFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent): void => {
      if (!isFile(event)) return
      depth++
      setOver(true)
    }
    const hover = (event: DragEvent): void => {
      if (isFile(event)) event.preventDefault()
    }
    const leave = (event: DragEvent): void => {
      if (isFile(event) && --depth <= 0) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      if (!isFile(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      void (async () => {
        for (const file of [...(event.dataTransfer?.files ?? [])]) await receiveFile(app, file)
      })()
    }
    const listeners = [['dragenter', enter], ['dragover', hover], ['dragleave', leave], ['drop', drop]] as const
    for (const [name, listener] of listeners) window.addEventListener(name, listener)
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener)
    }
  }, [app])
  if (!over) return null
  return (
    <div className="drop-target">
      <p>Drop an experiment to open it, or data to compare with</p>
      <p className="secondary">.residuum .json · .mat .npy .npz .csv .dat</p>
    </div>
  )
}
