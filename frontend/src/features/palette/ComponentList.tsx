/** The components of the workspace: each goes on the canvas as a folded sub-pipeline. */
import { notifications } from '@mantine/notifications'
import type { DragEvent, KeyboardEvent, ReactNode } from 'react'
import { counted } from '../../core/base/numbers'
import { COMPONENT_DRAG } from '../../core/catalogue/catalogue'
import { contentOf } from '../../core/graph/components'
import type { Component } from '../../server/rest'
import { useComponents } from '../../state/components'
import { insertComponent } from '../../state/edit'
import { useSelection } from '../../state/selection'
import { useView } from '../../state/view'
import { ModuleRow } from '../../ui/ModuleRow'
import classes from './Palette.module.css'

const matches = ({ name, description }: Component, query: string) =>
  query.toLowerCase().split(/\s+/).every((word) => `${name} ${description}`.toLowerCase().includes(word))

function add({ name, newest }: Component) {
  const { canvas } = useView.getState()
  const content = contentOf(newest, name)
  if (!canvas || !content) return
  const refusal = insertComponent(content, canvas.middle(), { anywhere: true })
  const [added] = useSelection.getState().nodes
  if (refusal) notifications.show({ message: refusal })
  else if (added) {
    canvas.reveal(added)
    canvas.focus(added)
  }
}

function Item({ component }: { component: Component }) {
  const { name, description, newest } = component
  const summary = `Version ${newest.version} · ${counted(Object.keys(newest.graph.nodes).length, 'module')}`
  const onDragStart = ({ dataTransfer }: DragEvent) => {
    dataTransfer.setData(COMPONENT_DRAG, JSON.stringify({ version: newest, name }))
    dataTransfer.effectAllowed = 'copy'
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add(component)
  }
  const onClick = () => matchMedia('(pointer: coarse)').matches && add(component)
  return (
    <div className={classes.row} data-hint={name} data-words={description || summary}>
      <button type="button" className={classes.item} data-row draggable tabIndex={-1} aria-description={`${description} Press Enter to add to the canvas.`} onDragStart={onDragStart} onClick={onClick} onDoubleClick={() => add(component)} onKeyDown={onKeyDown}>
        <ModuleRow title={name} summary={summary} icon="stack-2" hue={0} />
      </button>
    </div>
  )
}

/** `none` is shown where no component matches. */
export function ComponentList({ query, none = null }: { query: string; none?: ReactNode }) {
  const found = (useComponents() ?? []).filter((component) => matches(component, query.trim()))
  if (found.length === 0) return none
  return (
    <section aria-label="Components">
      <h2 className={classes.heading}>Components<span className={classes.count}>{found.length}</span></h2>
      {found.map((component) => <Item key={component.id} component={component} />)}
    </section>
  )
}
