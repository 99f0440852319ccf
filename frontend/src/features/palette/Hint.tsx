/** A card beside the row under the pointer or in focus: what the module does, what it takes and gives. One for the whole list. */
import { useEffect, useRef, useState, type FocusEvent, type PointerEvent } from 'react'
import { missingExtra, missingExtraWords, type Module } from '../../core/catalogue/catalogue'
import { useCatalogue } from '../../state/catalogue'
import { useView } from '../../state/view'
import { PortKindIcon } from '../../ui/PortKindIcon'
import { Keys } from '../../ui/Keys'
import classes from './Palette.module.css'

const DELAY = 350

function Ports({ called, ports }: { called: string; ports: Module['inputs'] | Module['outputs'] }) {
  const catalogue = useCatalogue()
  if (ports.length === 0) return null
  return (
    <>
      <dt>{called}</dt>
      <dd>{ports.map(({ name, title, kind }) => <span key={name} className={classes.port}><PortKindIcon kind={catalogue.kind(kind)} size={10} />{title}</span>)}</dd>
    </>
  )
}

function About({ row }: { row: HTMLElement }) {
  const module = useCatalogue().module(row.dataset.module ?? '')
  if (!module) return <><strong>{row.dataset.hint}</strong><p>{row.dataset.words}</p></>
  const extra = missingExtra(module)
  return (
    <>
      <strong>{module.title}</strong>
      <p>{module.summary}</p>
      {extra && <p className={classes.missing}>{missingExtraWords(extra)} Install it with <code>{extra.command}</code></p>}
      {module.inputs.length + module.outputs.length > 0 && <dl className={classes.ports}><Ports called="Inputs" ports={module.inputs} /><Ports called="Outputs" ports={module.outputs} /></dl>}
      <p><Keys shortcut="h" /> in the list opens its help</p>
    </>
  )
}

/** Beside the row, and inside the window. */
function place(row: HTMLElement) {
  const { top, bottom, right } = row.getBoundingClientRect()
  return { left: right + 12, ...(top < window.innerHeight / 2 ? { top } : { bottom: window.innerHeight - bottom }) }
}

const rowOf = (target: EventTarget) => (target as Element).closest<HTMLElement>('[data-module], [data-hint]')

/** Shown after a moment, and gone on any press, key or scroll. */
export function useHint() {
  const [row, setRow] = useState<HTMLElement | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const dragged = useView((view) => view.dragged !== null)
  useEffect(() => () => clearTimeout(timer.current), [])
  const hide = () => {
    clearTimeout(timer.current)
    setRow(null)
  }
  const later = (target: EventTarget) => {
    const next = rowOf(target)
    if (next === row) return
    hide()
    if (next) timer.current = setTimeout(() => setRow(next), DELAY)
  }
  const listeners = {
    onPointerOver: ({ target, pointerType }: PointerEvent) => pointerType === 'mouse' && later(target),
    onPointerLeave: hide,
    onPointerDown: hide,
    onScroll: hide,
    onKeyDown: hide,
    onBlur: hide,
    onFocus: ({ target }: FocusEvent) => target.matches(':focus-visible') && later(target),
  }
  const hint = row?.isConnected && !dragged ? <div className={classes.hint} role="tooltip" style={place(row)}><About row={row} /></div> : null
  return { hint, listeners }
}
