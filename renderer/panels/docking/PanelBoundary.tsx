import { Component, type ReactNode } from 'react'

/** What fails while it draws takes only its own part of the window with it, and says so. */
export class PanelBoundary extends Component<{ readonly children: ReactNode; readonly what?: string }, { readonly message: string | undefined }> {
  override state = { message: undefined }

  static getDerivedStateFromError(reason: unknown) {
    return { message: reason instanceof Error ? reason.message : String(reason) }
  }

  override render() {
    if (this.state.message === undefined) return this.props.children
    return (
      <div className="empty" role="alert">
        <h2>{this.props.what ?? 'This view'} stopped</h2>
        <p>{this.state.message}</p>
        <button type="button" className="button" onClick={() => this.setState({ message: undefined })}>
          Try again
        </button>
      </div>
    )
  }
}
