import { useQuery } from '@tanstack/react-query'
import type { Params } from '../../core/base/json'
import type { Parameters } from '../../core/graph/parameters'
import { BUILT_IN_VALUES, type Kind } from '../../core/schedules/schedules'
import { getParameters } from '../../server/rest'
import { ParameterFields } from '../../ui/ParameterFields'
import classes from './schedules.module.css'

interface Props {
  pipeline: string
  kind: Kind
  given: Params
  preset: string
  onPreset: (preset: string) => void
  onChange: (given: Params) => void
}

/** The values of a pipeline's parameters; an empty field stands for the default. */
export function ParameterValues({ pipeline, kind, given, preset, onPreset, onChange }: Props) {
  const { data } = useQuery({ queryKey: ['parameters', pipeline], queryFn: () => getParameters(pipeline), enabled: pipeline !== '' })
  return <ParameterFields parameters={(data?.parameters ?? {}) as Parameters} given={given} presets={data?.presets as Readonly<Record<string, Params>> | undefined} preset={preset} onPreset={onPreset} builtIn={BUILT_IN_VALUES[kind]} onChange={onChange} className={classes.fields} />
}
