/** The names of the settings on the card of a sub-pipeline. */
import { Button, Group as Row, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Group } from '../../core/graph/graph'
import type { Promoted } from '../../core/graph/promoted'
import { renamePromoted, togglePromoted } from '../../state/groups'
import { leaveOnEnter } from './NodeHead'
import { Fold } from './Part'

interface RowProps {
  id: string
  name: string
  promoted: Promoted
  readOnly: boolean
}

function Name({ id, name, promoted, readOnly }: RowProps) {
  const [refusal, setRefusal] = useState<string | null>(null)
  return (
    <Row gap="xs" wrap="nowrap" align="start">
      <TextInput size="xs" flex={1} aria-label={`Name of ${name}`} maxLength={100} readOnly={readOnly} error={refusal} defaultValue={name} onBlur={({ currentTarget }) => setRefusal(renamePromoted(id, name, currentTarget.value))} onKeyDown={leaveOnEnter} />
      {!readOnly && <Button size="xs" variant="default" onClick={() => togglePromoted(id, promoted)} aria-label={`Take ${name} off the card`}>Take off</Button>}
    </Row>
  )
}

export function GroupNames({ id, group, readOnly }: { id: string; group: Group; readOnly: boolean }) {
  const names = Object.entries(group.promoted ?? {}).sort(([one], [other]) => (one < other ? -1 : 1))
  if (names.length === 0) return null
  return (
    <Fold title="Names of these settings" value={String(names.length)}>
      <Text fz={12} c="dimmed">The values stay in the modules, so that each copy of the card has its own.</Text>
      {names.map(([name, promoted]) => <Name key={`${promoted.node} ${promoted.param}`} id={id} name={name} promoted={promoted} readOnly={readOnly} />)}
    </Fold>
  )
}
