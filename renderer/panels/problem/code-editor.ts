import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching } from '@codemirror/language'
import { setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { Annotation, EditorState, Prec, RangeSetBuilder } from '@codemirror/state'
import { Decoration, EditorView, keymap, placeholder, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view'
import { constants, functionNamed, functionTable } from '../../../shared/expressions/functions'
import type { Fault } from '../../../shared/fault'

/** A one-line editor of the statement language: highlighting, completion, faults underlined. No React here. */
export interface CodeEditor {
  readonly view: EditorView
  text(): string
  /** Replaces the text from outside; does not count as typing. */
  setText(text: string): void
  setFaults(faults: readonly Fault[]): void
  destroy(): void
}

export interface CodeEditorOptions {
  readonly parent: HTMLElement
  readonly text: string
  readonly label: string
  readonly hint?: string
  readonly readOnly?: boolean
  /** Names that may stand here, with what they are. */
  names(): readonly { readonly name: string; readonly detail: string }[]
  onType(text: string): void
  onCommit(): void
  onRevert(): void
  onBlur(): void
}

const fromOutside = Annotation.define<boolean>()

export function createCodeEditor(options: CodeEditorOptions): CodeEditor {
  let focusedAt = -Infinity
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: oneLine(options.text),
      extensions: [
        EditorView.cspNonce.of(nonce()),
        EditorState.readOnly.of(options.readOnly ?? false),
        // Pasted line ends become spaces: every field is one line.
        EditorState.transactionFilter.of(transaction => (transaction.docChanged && transaction.newDoc.lines > 1 ? [{ changes: { from: 0, to: transaction.startState.doc.length, insert: oneLine(transaction.newDoc.toString()) } }] : transaction)),
        EditorView.contentAttributes.of({ 'aria-label': options.label, 'aria-multiline': 'false', role: 'textbox', autocapitalize: 'off', spellcheck: 'false' }),
        EditorView.domEventHandlers({ beforeinput: replaceByTyping, focus: () => void (focusedAt = performance.now()) }),
        history(),
        closeBrackets(),
        bracketMatching(),
        highlighting,
        autocompletion({ override: [context => complete(context, options.names())], icons: false, filterStrict: true, aboveCursor: false, closeOnBlur: true }),
        ...(options.hint ? [placeholder(options.hint)] : []),
        Prec.highest(
          keymap.of([
            { key: 'Tab', run: target => completionStatus(target.state) === 'active' && acceptCompletion(target) },
            {
              key: 'Enter',
              run: target => {
                if (completionStatus(target.state) === 'active' && acceptCompletion(target)) return true
                options.onCommit()
                return true
              },
            },
          ]),
        ),
        keymap.of([
          ...completionKeymap,
          {
            key: 'Escape',
            run: () => {
              options.onRevert()
              return true
            },
          },
          ...closeBracketsKeymap,
          ...historyKeymap,
          // Mod-Enter computes and Tab moves on: neither belongs to the field.
          ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter' && key !== 'Mod-k' && key !== 'Ctrl-k'),
        ]),
        EditorView.updateListener.of(update => {
          if (update.docChanged && !update.transactions.some(transaction => transaction.annotation(fromOutside))) options.onType(update.state.doc.toString())
          if (update.focusChanged && !update.view.hasFocus) options.onBlur()
          if (performance.now() - focusedAt < 2 * doubtAfterFocus) restoreCaret(update.view)
        }),
      ],
    }),
  })
  return {
    view,
    text: () => view.state.doc.toString(),
    setText(text) {
      const next = oneLine(text)
      if (next === view.state.doc.toString()) return
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, annotations: fromOutside.of(true) })
    },
    setFaults(faults) {
      view.dispatch(setDiagnostics(view.state, faults.map(fault => diagnostic(fault, view.state.doc.length))))
    },
    destroy: () => view.destroy(),
  }
}

/**
 * Typing over a selection, done here and not by the browser: Chromium would give the new text the style of the old one as an inline
 * style, which the content policy forbids.
 */
function replaceByTyping(event: InputEvent, view: EditorView): boolean {
  const { from, to, empty } = view.state.selection.main
  const text = event.data
  if (event.inputType !== 'insertText' || event.isComposing || empty || !text || view.state.readOnly) return false
  const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true })
  if (!view.state.facet(EditorView.inputHandler).some(handler => handler(view, from, to, text, insert))) view.dispatch(insert())
  return true
}

/** Milliseconds after the focus came in which CodeMirror believes its record of the selection more than the page. */
const doubtAfterFocus = 200

/**
 * In that time CodeMirror takes a selection at the start of the text for the browser's way of giving the focus, and leaves the page as it is where its record
 * agrees with its state. But a redraw moves the page's selection to the start as well — the underline of a fault that typing right after a click makes —
 * and the next letter would land there.
 */
function restoreCaret(view: EditorView): void {
  const seen = view.hasFocus ? document.getSelection() : null
  if (!seen?.anchorNode || !seen.focusNode || !view.contentDOM.contains(seen.anchorNode)) return
  const { anchor, head } = view.state.selection.main
  if (view.posAtDOM(seen.anchorNode, seen.anchorOffset) === anchor && view.posAtDOM(seen.focusNode, seen.focusOffset) === head) return
  const [from, to] = [view.domAtPos(anchor), view.domAtPos(head)]
  seen.setBaseAndExtent(from.node, from.offset, to.node, to.offset)
}

const oneLine = (text: string): string => text.replace(/\s*\r?\n\s*/g, ' ')

/** A fault without a place, or at the end of the text, underlines something visible all the same. */
function diagnostic(fault: Fault, length: number): Diagnostic {
  const from = Math.min(fault.where?.from ?? 0, length)
  const to = Math.min(Math.max(fault.where?.to ?? length, from), length)
  const widened = to > from ? { from, to } : { from: Math.max(0, from - 1), to: Math.min(length, from + (from === 0 ? 1 : 0)) }
  return { ...widened, severity: fault.severity, message: fault.tip ? `${fault.message} ${fault.tip}` : fault.message }
}

function complete(context: CompletionContext, names: readonly { readonly name: string; readonly detail: string }[]): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z_][A-Za-z0-9_]*/)
  if (!word && !context.explicit) return null
  const own = names.map(({ name, detail }) => ({ label: name, detail, type: 'variable', boost: 2 }))
  const taken = new Set(names.map(({ name }) => name))
  const functions = functionTable.map(({ name, help, arity }) => ({
    label: name,
    detail: help,
    type: 'function',
    boost: 0,
    apply: (view: EditorView, _: unknown, from: number, to: number) => {
      const open = view.state.sliceDoc(to, to + 1) === '('
      view.dispatch({ changes: { from, to, insert: open ? name : arity === 0 ? name : `${name}()` }, selection: { anchor: from + name.length + (arity === 0 && !open ? 0 : 1) } })
    },
  }))
  const fixed = [...constants.keys()].filter(name => !taken.has(name)).map(name => ({ label: name, detail: 'constant', type: 'constant', boost: 1 }))
  return { from: word?.from ?? context.pos, options: [...own, ...fixed, ...functions.filter(({ label }) => !taken.has(label))], validFor: /^[A-Za-z0-9_]*$/ }
}

const marks = {
  number: Decoration.mark({ class: 'code-number' }),
  function: Decoration.mark({ class: 'code-function' }),
  operator: Decoration.mark({ class: 'code-operator' }),
  constant: Decoration.mark({ class: 'code-constant' }),
}

const highlighting = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = highlight(view.state.doc.toString())
    }
    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = highlight(update.state.doc.toString())
    }
  },
  { decorations: plugin => plugin.decorations },
)

function highlight(text: string): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const match of text.matchAll(/(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)(\s*\()?|(<=|>=|[-+*/^=<>])/g)) {
    const [, number, word, call, operator] = match
    const end = match.index + (number ?? word ?? operator).length
    const mark = number ? marks.number : operator ? marks.operator : call && functionNamed(word) ? marks.function : constants.has(word) ? marks.constant : undefined
    if (mark) builder.add(match.index, end, mark)
  }
  return builder.finish()
}

/** Libraries that add style elements give them the nonce of the page's content policy; hosts write it into the page. */
const nonce = (): string => document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
