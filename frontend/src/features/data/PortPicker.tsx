import { SegmentedControl } from '@mantine/core'
import { isGathered } from '../../core/graph/forEach'
import type { Output } from '../../core/runs/runs'
import { useCatalogue } from '../../state/catalogue'
import { PortKindIcon } from '../../ui/PortKindIcon'
import classes from './results.module.css'

interface Props {
  outputs: Record<string, Output>
  port: string
  onPick: (port: string) => void
}

/** Which of several outputs of the node is shown. */
export function PortPicker({ outputs, port, onPick }: Props) {
  const { kind } = useCatalogue()
  const ports = Object.entries(outputs).filter(([name]) => !isGathered(name))
  const label = (name: string, output: Output) => <span className={classes.port}><PortKindIcon kind={kind(output.kind)} size={10} />{portWords(name)}</span>
  return <SegmentedControl size="xs" value={port} onChange={onPick} aria-label="Output port" data={ports.map(([name, output]) => ({ value: name, label: label(name, output) }))} />
}

function portWords(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
