import { UnstyledButton, type ComboboxItem } from '@mantine/core'
import { counted } from '../../../core/base/numbers'
import { choicesOf, versionOf } from '../../../core/data/datasets'
import { useCatalogue } from '../../../state/catalogue'
import { useChosenDataset, useOfferedDatasets, useOfferedSaved } from '../../../state/datasets'
import { useRun } from '../../../state/run'
import { showTab } from '../../../state/view'
import { Picker } from '../../../ui/Picker'
import classes from './controls.module.css'
import type { ControlProps } from './control'
import { RegisteredModelControl } from './RegisteredModelControl'

/** The size of a dataset that has not run; a click shows its rows. Afterwards the last run says it. */
function Size({ node }: { node: string | null }) {
  const ran = useRun((state) => node !== null && state.run?.steps[node] !== undefined)
  const read = useChosenDataset(node)
  const version = read && versionOf(read.dataset, read.version)
  if (ran || !read || !version) return null
  return <UnstyledButton className={classes.size} onClick={() => showTab('results')}>{counted(version.rows, 'row')} × {counted(read.dataset.columns.length, 'column')} · Show rows</UnstyledButton>
}

/** A setting names a table, a saved value of another kind, or a model of the registry. */
export function DatasetControl(props: ControlProps) {
  if (props.param.registered) return <RegisteredModelControl {...props} />
  return props.param.holds && props.param.holds !== 'table' ? <SavedControl kind={props.param.holds} {...props} /> : <TableControl {...props} />
}

function SavedControl({ id, kind, param, value, onChange, readOnly }: ControlProps & { kind: string }) {
  const title = useCatalogue().kind(kind).words.replace(/^an? /, '')
  const { data = [], isPending } = useOfferedSaved(kind)
  const name = typeof value === 'string' && value ? value : null
  const known = choicesOf(data)
  const missing = name !== null && !isPending && !known.some((each) => each.value === name)
  const all = missing || (isPending && name !== null) ? [{ value: name, label: name }, ...known] : known
  const render = ({ option }: { option: ComboboxItem }) => {
    const saved = data.find((each) => each.name === option.value)
    return <span className={classes.option}><span className={classes.name}>{option.label}</span><span className={classes.end}>{saved && `version ${saved.version}`}</span></span>
  }
  return (
    <Picker
      id={id} aria-label={param.title} entries={() => all} value={name} onChange={onChange} unknown={(typed) => `There is no saved ${title} “${typed}”. Select one from the list, or press Escape to cancel.`}
      clearable={param.nullable} readOnly={readOnly} placeholder={`Select a saved ${title}`} nothingFoundMessage={`No saved ${title}. Save one from the results of a run.`} error={missing} renderOption={render}
    />
  )
}

function TableControl({ id, node, param, value, onChange, readOnly }: ControlProps) {
  const { data = [], isPending } = useOfferedDatasets()
  const name = typeof value === 'string' && value ? value : null
  const known = choicesOf(data)
  const missing = name !== null && !isPending && !known.some((each) => each.value === name)
  const all = name !== null && !known.some((each) => each.value === name) ? [{ value: name, label: name }, ...known] : known
  const render = ({ option }: { option: ComboboxItem }) => {
    const dataset = data.find((each) => each.name === option.value)
    return <span className={classes.option}><span className={classes.name}>{option.label}</span><span className={classes.end}>{dataset && counted(dataset.rows, 'row')}</span></span>
  }
  return (
    <>
      <Picker
        id={id} aria-label={param.title} entries={() => all} value={name} onChange={onChange} unknown={(typed) => `There is no dataset “${typed}”. Select one from the list, or press Escape to cancel.`}
        clearable={param.nullable} readOnly={readOnly} placeholder="Select a dataset" nothingFoundMessage="No matching dataset. Drop a file on the canvas to upload one." error={missing} renderOption={render}
      />
      <Size node={node} />
    </>
  )
}
