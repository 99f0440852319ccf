/** Asks for the values of the pipeline's parameters before a run. Enter starts it. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Params } from '../../core/base/json'
import { parameterField } from '../../core/graph/parameters'
import { useDocument } from '../../state/document'
import { runWith, useRunWith } from '../../state/runDraft'
import { Dialog } from '../../ui/Dialog'
import { controls } from './controls'
import classes from './Inspector.module.css'

/** What was given last in this window, by pipeline. */
const last = new Map<string, Params>()

export function RunWith() {
  const asked = useRunWith((state) => state.asked)
  return asked && <Asking asked={asked} />
}

function Asking({ asked }: { asked: NonNullable<ReturnType<typeof useRunWith.getState>['asked']> }) {
  const parameters = useDocument((state) => state.parameters)
  const pipeline = useDocument((state) => state.pipelineId) ?? ''
  const [given, setGiven] = useState<Params>(last.get(pipeline) ?? {})
  const fields = Object.keys(parameters).sort().flatMap((name) => {
    const parameter = parameters[name]
    return parameter ? [parameterField(name, parameter)] : []
  })
  const lacks = fields.some(({ name, required }) => required && (given[name] === undefined || given[name] === null || given[name] === ''))
  const close = () => useRunWith.setState({ asked: null })
  const start = () => {
    const known = Object.fromEntries(Object.entries(given).filter(([name, value]) => name in parameters && value !== undefined))
    last.set(pipeline, known)
    void runWith(asked, known)
  }
  const buttons = (
    <>
      <Button variant="default" onClick={close}>Cancel</Button>
      <Button type="submit" disabled={lacks} data-autofocus data-testid="run-with">Run</Button>
    </>
  )
  return (
    <Dialog onClose={close} title="Run with these values" onSubmit={() => !lacks && start()} buttons={buttons}>
      {fields.map((field) => {
        const Control = controls[field.kind]
        const id = `run-with-${field.name}`
        return (
          <div key={field.name} role="group" aria-label={field.title} aria-description={field.help}>
            <label className={classes.runWith} htmlFor={id}>{field.title}{field.required && <span role="img" aria-label="required"> *</span>}</label>
            <Control id={id} node={null} param={field} value={given[field.name] ?? (field.required ? null : (field.default ?? null))} onChange={(value) => setGiven({ ...given, [field.name]: value ?? field.default ?? null })} columns={null} readOnly={false} />
          </div>
        )
      })}
    </Dialog>
  )
}
