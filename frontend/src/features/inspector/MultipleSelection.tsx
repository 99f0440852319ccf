/** Actions for several selected modules. */
import { Button, Group, Text } from '@mantine/core'
import { availableCommands } from '../../state/commands'
import { useRun } from '../../state/run'
import { isBusy } from '../../state/runDraft'
import classes from './Inspector.module.css'

const FOR_SEVERAL = ['run_to', 'run_force_chosen', 'duplicate', 'fit_chosen', 'delete']

export function MultipleSelection({ count }: { count: number }) {
  useRun(isBusy)
  return (
    <div className={classes.body}>
      <Text fz={14} fw={600}>{count} modules selected</Text>
      <Group gap="xs">
        {availableCommands(FOR_SEVERAL).map((command) => <Button key={command.id} size="compact-sm" variant="default" disabled={command.can ? !command.can() : false} onClick={() => command.run()}>{command.title}</Button>)}
      </Group>
    </div>
  )
}
