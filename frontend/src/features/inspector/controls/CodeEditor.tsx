import { autocompletion, closeBrackets, completeFromList, completionKeymap, type CompletionSource } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { sql, SQLite } from '@codemirror/lang-sql'
import { bracketMatching, defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef, type RefObject } from 'react'
import type { Column } from '../../../core/data/tables'
import classes from './controls.module.css'
import type { ControlProps } from './control'

/** Completes column names, in any language. */
function columnNames(columns: readonly Column[] | null): CompletionSource {
  return completeFromList((columns ?? []).map((column) => ({ label: column.name, type: 'property', detail: column.dtype })))
}

function languageOf(language: string | null | undefined, columns: Column[] | null): Extension {
  const names = EditorState.languageData.of(() => [{ autocomplete: columnNames(columns) }])
  return language === 'sql' ? [sql({ dialect: SQLite }), names] : names
}

function extensions(label: string, readOnly: boolean, onText: (text: string) => void): Extension[] {
  return [
    lineNumbers(), history(), bracketMatching(), closeBrackets(), autocompletion(), syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]), EditorState.readOnly.of(readOnly), EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && update.view.hasFocus) onText(update.state.doc.toString())
    }),
  ]
}

/** Creates the editor once; edits go through the latest `onChange`. */
function useEditor(frame: RefObject<HTMLDivElement | null>, { param, value, onChange, readOnly, columns }: ControlProps) {
  const view = useRef<EditorView | null>(null)
  const language = useRef(new Compartment())
  const onText = useRef(onChange)
  useEffect(() => {
    onText.current = onChange
  })
  useEffect(() => {
    const made = new EditorView({
      parent: frame.current ?? undefined,
      extensions: [extensions(param.title, readOnly, (text) => onText.current(text)), language.current.of([])],
    })
    view.current = made
    return () => made.destroy()
  }, [frame, param.title, readOnly])
  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(param.language, columns)) })
  }, [param.language, columns, readOnly])
  const text = typeof value === 'string' ? value : ''
  useEffect(() => {
    const editor = view.current
    // While the user types here, remote changes must not move the text under the cursor.
    if (!editor || editor.hasFocus || editor.state.doc.toString() === text) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text, readOnly])
}

export default function CodeEditor(props: ControlProps) {
  const frame = useRef<HTMLDivElement>(null)
  useEditor(frame, props)
  return <div ref={frame} className={classes.code} id={props.id} />
}
