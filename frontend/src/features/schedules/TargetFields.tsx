import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { BUILT_IN_VALUES, GRAPHS, type Kind, type Schedule, type Target } from '../../core/schedules/schedules'
import type { Params } from '../../core/base/json'
import type { Parameters } from '../../core/graph/parameters'
import { getDatasets, getPublished, getVersions } from '../../server/rest'
import { InputFields } from '../../ui/InputFields'
import { ParameterFields } from '../../ui/ParameterFields'
import { ParameterValues } from './ParameterValues'
import classes from './schedules.module.css'

interface Named {
  id: string
  name: string
}

interface Props {
  workspace: string
  kind: Kind
  /** The one that is changed; null for a new one. */
  one: Schedule | null
  pipelines: Named[]
  published: Named[]
  target: Target
  onChange: (target: Target) => void
}

const options = (all: Named[]) => all.map(({ id, name }) => ({ value: id, label: name }))

/** What runs: a pipeline or a published pipeline, its version, and its values. What a schedule of a pipeline runs stays; a published pipeline can be replaced by another. */
export function TargetFields({ workspace, kind, one, pipelines, published, target, onChange }: Props) {
  const offered = [
    ...(one && target.published && !one.published ? [{ value: '', label: 'Choose another: it was deleted' }] : []),
    ...(one && target.published ? [] : [{ group: 'Pipelines', items: options(pipelines) }]),
    ...(one && !target.published ? [] : [{ group: 'Published pipelines', items: options(published) }]),
  ]
  const choose = (id: string) => {
    const isPublished = published.some((each) => each.id === id)
    onChange({ id, published: isPublished, graph: isPublished ? '' : 'latest', parameters: {}, preset: '', inputs: {} })
  }
  return (
    <>
      <NativeSelect label="Pipeline" disabled={one !== null && !target.published} data={offered} value={target.id} onChange={(event) => choose(event.currentTarget.value)} />
      {target.published
        ? target.id !== '' && <OfPublished workspace={workspace} kind={kind} target={target} onChange={onChange} />
        : <OfPipeline kind={kind} target={target} onChange={onChange} />}
    </>
  )
}

type PartProps = Pick<Props, 'kind' | 'target' | 'onChange'>

function OfPipeline({ kind, target, onChange }: PartProps) {
  const versions = useQuery({ queryKey: ['versions', target.id], queryFn: () => getVersions(target.id), enabled: target.id !== '' })
  const graphs = [...GRAPHS, ...(versions.data ?? []).map(({ id, name }) => ({ value: id, label: `Version “${name}”` }))]
  return (
    <>
      <NativeSelect label="What runs" data={graphs} value={target.graph} onChange={(event) => onChange({ ...target, graph: event.currentTarget.value })} />
      <ParameterValues pipeline={target.id} kind={kind} given={target.parameters} preset={target.preset} onPreset={(preset) => onChange({ ...target, preset })} onChange={(parameters) => onChange({ ...target, parameters })} />
    </>
  )
}

function OfPublished({ workspace, kind, target, onChange }: PartProps & { workspace: string }) {
  const { data } = useQuery({ queryKey: ['published', target.id], queryFn: () => getPublished(target.id) })
  const datasets = useQuery({ queryKey: ['datasets', { workspace }], queryFn: () => getDatasets(workspace) })
  const number = target.graph === '' ? data?.default : Number(target.graph)
  const version = data?.listed.find((each) => each.number === number)
  const versions = [{ value: '', label: `The default at that moment${data ? ` (now version ${data.default})` : ''}` }, ...(data?.listed ?? []).map((each) => ({ value: String(each.number), label: `Version ${each.number}` }))]
  return (
    <>
      <NativeSelect label="What runs" data={versions} value={target.graph} onChange={(event) => onChange({ ...target, graph: event.currentTarget.value })} />
      <InputFields inputs={version?.inputs ?? {}} chosen={target.inputs} datasets={datasets.data ?? []} onChange={(inputs) => onChange({ ...target, inputs })} className={classes.fields} />
      <ParameterFields parameters={(version?.parameters ?? {}) as Parameters} given={target.parameters} presets={version?.presets as Readonly<Record<string, Params>> | undefined} preset={target.preset} onPreset={(preset) => onChange({ ...target, preset })} builtIn={BUILT_IN_VALUES[kind]} onChange={(parameters) => onChange({ ...target, parameters })} className={classes.fields} />
    </>
  )
}
