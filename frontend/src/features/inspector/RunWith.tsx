/** Asks for the values of the pipeline's parameters before a run, one or several of each. Enter starts it. */
import { Button, SegmentedControl, Stack } from '@mantine/core'
import { useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { ApiError } from '../../core/base/apiError'
import type { Params } from '../../core/base/json'
import { parameterField } from '../../core/graph/parameters'
import { shownValues, without } from '../../core/graph/presets'
import { MOST_RUNS } from '../../core/runs/sweeps'
import { asApiError } from '../../server/rest'
import { useDocument } from '../../state/document'
import { runWith, sweepDraft, useRunWith } from '../../state/runDraft'
import { Dialog } from '../../ui/Dialog'
import { controls } from './controls'
import classes from './Inspector.module.css'
import { Presets } from './Presets'
import { RunSeveral, severalOf, sweepOf, type Several } from './RunSeveral'

/** What was given last in this window, by pipeline. */
const last = new Map<string, { preset: string; given: Params }>()

export function RunWith() {
  const asked = useRunWith((state) => state.asked)
  return asked && <Asking asked={asked} />
}

type Asked = NonNullable<ReturnType<typeof useRunWith.getState>['asked']>

function Asking({ asked }: { asked: Asked }) {
  const parameters = useDocument((state) => state.parameters)
  const pipeline = useDocument((state) => state.pipelineId) ?? ''
  const presets = useDocument((state) => state.presets)
  const [given, setGiven] = useState<Params>(last.get(pipeline)?.given ?? {})
  const [chosen, setPreset] = useState(last.get(pipeline)?.preset ?? '')
  const preset = chosen in presets ? chosen : ''
  const values = { ...presets[preset], ...given }
  const [several, setSeveral] = useState<Several | null>(null)
  const lacks = Object.entries(parameters).some(([name, { required }]) => required && (values[name] === undefined || values[name] === null || values[name] === ''))
  const close = () => useRunWith.setState({ asked: null })
  const fields = useRef<HTMLDivElement>(null)
  const start = () => {
    // A field that shows what is wrong has not handed its text on: the run would have another value than the one that is read.
    const wrong = fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (wrong) return wrong.focus()
    const known = Object.fromEntries(Object.entries(given).filter(([name, value]) => name in parameters && value !== undefined))
    last.set(pipeline, { preset, given: known })
    void runWith(asked, known, preset)
  }
  const sweep = useSweep(asked, several, preset)
  const buttons = (
    <>
      <Button variant="default" onClick={close}>Cancel</Button>
      {several
        ? <Button type="submit" disabled={!sweep.start} loading={sweep.starting} data-testid="run-several">{sweep.runs === null ? 'Run' : `Run ${sweep.runs === 1 ? 'once' : `${sweep.runs} times`}`}</Button>
        : <Button type="submit" disabled={lacks} data-autofocus data-testid="run-with">Run</Button>}
    </>
  )
  const forced = asked.force || (asked.force_nodes?.length ?? 0) > 0 // a sweep shares results, so it forces none
  const choose = (name: string) => {
    setPreset(name)
    setGiven({})
    if (several) setSeveral(severalOf(parameters, presets[name] ?? {}))
  }
  return (
    <Dialog onClose={close} title="Run with these values" onSubmit={() => (several ? void sweep.start?.() : !lacks && start())} error={sweep.error} buttons={buttons}>
      {!forced && (
        <SegmentedControl
          aria-label="How many values" data={[{ value: 'one', label: 'One run' }, { value: 'several', label: 'Several values' }]} value={several ? 'several' : 'one'}
          onChange={(value) => setSeveral(value === 'several' ? severalOf(parameters, values) : null)}
        />
      )}
      <Presets preset={preset} values={several ? null : shownValues(parameters, values)} onChoose={choose} />
      {several
        ? <RunSeveral parameters={parameters} several={several} onChange={setSeveral} />
        : <Stack ref={fields} gap="md"><OneValue given={values} onChange={(next) => setGiven(without(next, presets[preset] ?? {}))} /></Stack>}
    </Dialog>
  )
}

/** Starting a sweep, and opening its page; `start` is null while the values cannot be run. */
function useSweep(asked: Asked, several: Several | null, preset: string) {
  const parameters = useDocument((state) => state.parameters)
  const [starting, setStarting] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const [, go] = useLocation()
  const sweep = several && sweepOf(parameters, several)
  const begin = async (values: NonNullable<typeof sweep>['values']) => {
    setStarting(true)
    try {
      const id = await sweepDraft(asked, values, preset)
      if (id) go(`/sweeps/${id}`)
    } catch (reason) {
      setError(asApiError(reason))
    } finally {
      setStarting(false)
    }
  }
  return { starting, error: several && error && { words: error.words, remedy: error.problems[0]?.words ?? error.remedy }, runs: sweep?.runs ?? null, start: sweep && sweep.runs <= MOST_RUNS && !starting ? () => begin(sweep.values) : null }
}

/** A value for each parameter. */
function OneValue({ given, onChange }: { given: Params; onChange(given: Params): void }) {
  const parameters = useDocument((state) => state.parameters)
  const fields = Object.keys(parameters).sort().flatMap((name) => {
    const parameter = parameters[name]
    return parameter ? [parameterField(name, parameter)] : []
  })
  return fields.map((field) => {
    const Control = controls[field.kind]
    const id = `run-with-${field.name}`
    return (
      <div key={field.name} role="group" aria-label={field.title} aria-description={field.help}>
        <label className={classes.runWith} htmlFor={id}>{field.title}{field.required && <span role="img" aria-label="required"> *</span>}</label>
        <Control id={id} node={null} param={field} value={given[field.name] ?? (field.required ? null : (field.default ?? null))} onChange={(value) => onChange({ ...given, [field.name]: value ?? field.default ?? null })} columns={null} readOnly={false} />
      </div>
    )
  })
}
