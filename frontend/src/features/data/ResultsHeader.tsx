import { CloseButton, Text, UnstyledButton } from '@mantine/core'
import { counted } from '../../core/base/numbers'
import type { Output } from '../../core/runs/runs'
import classes from './results.module.css'

interface Props {
  title: string
  outputs: Record<string, Output>
  port: string | undefined
  onPick: (port: string) => void
  onClose?: () => void
}

export function ResultsHeader({ title, outputs, port, onPick, onClose }: Props) {
  return (
    <header className={classes.header}>
      <Text fw={600} truncate>{title}</Text>
      <div className={classes.ports} role="group" aria-label="Output port">
        {Object.entries(outputs).map(([name, output]) => (
          <UnstyledButton key={name} className={classes.port} aria-pressed={name === port} onClick={() => onPick(name)}>
            {portWords(name)}
            {output.kind === 'table' && output.rows !== null && <span className={classes.size}>{counted(output.rows, 'row')}</span>}
          </UnstyledButton>
        ))}
      </div>
      {onClose && <CloseButton aria-label="Close results" onClick={onClose} ml="auto" />}
    </header>
  )
}

function portWords(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
