import { createTheme } from '../theme/theme'
import { useEffect } from 'react'

/** The page without an engine behind it: an old address, a server that ended. */
export function StartFailure({ message }: { readonly message: string }) {
  useEffect(() => void createTheme(), [])
  return (
    <main className="empty" role="alert">
      <h1>The engine does not answer</h1>
      <p>{message}</p>
      <p className="secondary">Start Residuum again and use the address that it prints: it is good for one window.</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Try again
      </button>
    </main>
  )
}
