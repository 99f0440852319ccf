import { Checkbox, MultiSelect, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { choicesOf } from '../../core/data/datasets'
import type { Schedule } from '../../core/schedules/schedules'
import { getDatasets, getEndpoints, getModels, getPipelines } from '../../server/rest'
import { NumberField } from '../../ui/NumberField'
import classes from './schedules.module.css'

export type Watch = NonNullable<Schedule['watch']>
export const NO_WATCH: Watch = { sources: [], needs: 'any', quiet_seconds: 60, gap_seconds: 0 }

interface Props {
  workspace: string
  watch: Watch
  onChange: (watch: Watch) => void
}

/** What a trigger watches. */
export function WatchFields({ workspace, watch, onChange }: Props) {
  const pipelines = useQuery({ queryKey: ['pipelines', 'watched', workspace], queryFn: () => getPipelines(workspace) })
  const datasets = useQuery({ queryKey: ['datasets', 'watched', workspace], queryFn: () => getDatasets(workspace) })
  const endpoints = useQuery({ queryKey: ['endpoints', 'watched', workspace], queryFn: () => getEndpoints(workspace) })
  const models = useQuery({ queryKey: ['models', 'watched', workspace], queryFn: () => getModels(workspace) })
  const aliases = models.data?.flatMap(({ id, name, aliases }) => Object.keys(aliases).map((alias) => ({ value: `${id}:${alias}`, label: `${alias} of ${name}` }))) ?? []
  const of = (kind: string) => watch.sources.filter((source) => source.kind === kind).map((source) => source.id)
  const put = (kind: Watch['sources'][number]['kind'], ids: string[]) => onChange({ ...watch, sources: [...watch.sources.filter((source) => source.kind !== kind), ...ids.map((id) => ({ kind, id }))] })
  const own = datasets.data?.filter((dataset) => dataset.workspace !== null) ?? []
  return (
    <div className={classes.fields}>
      <MultiSelect searchable className={classes.wide} label="New versions of datasets" description="The same bytes again are no new version." data={choicesOf(own).map((choice, at) => ({ ...choice, value: own[at]?.id ?? '' }))} value={of('dataset')} onChange={(ids) => put('dataset', ids)} />
      <MultiSelect searchable className={classes.wide} label="Successful runs of pipelines" data={pipelines.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []} value={of('pipeline')} onChange={(ids) => put('pipeline', ids)} />
      <MultiSelect searchable className={classes.wide} label="Alarms of endpoints" description="Such as drift of an input." data={endpoints.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []} value={of('monitor')} onChange={(ids) => put('monitor', ids)} />
      <MultiSelect searchable className={classes.wide} label="Aliases of models that move" data={aliases} value={of('alias')} onChange={(ids) => put('alias', ids)} />
      <Checkbox className={classes.wide} label="A signed webhook" description="Its address and secret are shown after saving." checked={of('webhook').length > 0} onChange={(event) => put('webhook', event.currentTarget.checked ? [''] : [])} />
      {watch.sources.length > 1 && <NativeSelect label="Start after" data={[{ value: 'any', label: 'any of them' }, { value: 'all', label: 'all of them' }]} value={watch.needs} onChange={(event) => onChange({ ...watch, needs: event.currentTarget.value as Watch['needs'] })} />}
      <NumberField label="Quiet time" description="Seconds without another event" min={0} max={86_400} allowDecimal={false} value={watch.quiet_seconds} onChange={(value) => onChange({ ...watch, quiet_seconds: Number(value) || 0 })} />
      <NumberField label="Least gap" description="Seconds between two runs" min={0} max={2_678_400} allowDecimal={false} value={watch.gap_seconds} onChange={(value) => onChange({ ...watch, gap_seconds: Number(value) || 0 })} />
    </div>
  )
}
