import { NativeSelect } from '@mantine/core'
import { choicesOf } from '../core/data/datasets'
import type { ChosenInputs } from '../core/published/published'
import { NumberField } from './NumberField'

interface Props {
  /** The inputs of a published pipeline by name, with the dataset that each has without a choice. */
  inputs: Record<string, { dataset: string | null }>
  chosen: ChosenInputs
  datasets: { name: string; title: string }[]
  onChange: (chosen: ChosenInputs) => void
  className?: string
}

/** The datasets of a published pipeline's inputs, and their versions. */
export function InputFields({ inputs, chosen, datasets, onChange, className }: Props) {
  const choose = (name: string, more: Partial<ChosenInputs[string]>) => onChange({ ...chosen, [name]: { ...(chosen[name] ?? { dataset: '', version: null }), ...more } })
  return Object.entries(inputs).map(([name, input]) => (
    <div key={name} className={className} role="group" aria-label={`Input ${name}`}>
      <NativeSelect
        label={`Dataset of ${name}`} value={chosen[name]?.dataset ?? ''} onChange={(event) => choose(name, { dataset: event.currentTarget.value, version: null })}
        data={[{ value: '', label: input.dataset ? `Default (${input.dataset})` : 'Choose a dataset' }, ...choicesOf(datasets)]}
      />
      <NumberField label="Its version" placeholder="Newest" min={1} allowDecimal={false} disabled={!chosen[name]?.dataset} value={chosen[name]?.version ?? ''} onChange={(value) => choose(name, { version: value === '' ? null : Number(value) })} />
    </div>
  ))
}
