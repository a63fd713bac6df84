import { Component, type ReactNode } from 'react'

/** A view that fails while it draws takes only its own panel with it, and says so. */
export class PanelBoundary extends Component<{ readonly children: ReactNode }, { readonly message: string | undefined }> {
  override state = { message: undefined }

  static getDerivedStateFromError(reason: unknown) {
    return { message: reason instanceof Error ? reason.message : String(reason) }
  }

  override render() {
    if (this.state.message === undefined) return this.props.children
    return (
      <div className="empty" role="alert">
        <h2>This view stopped</h2>
        <p>{this.state.message}</p>
        <button type="button" className="button" onClick={() => this.setState({ message: undefined })}>
          Try again
        </button>
      </div>
    )
  }
}
