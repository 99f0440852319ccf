/** Actions for several selected modules. */
import { Button } from '@mantine/core'
import { availableCommands } from '../../state/commands'
import { useRun } from '../../state/run'
import { isBusy } from '../../state/runDraft'
import classes from './Inspector.module.css'
import { Head, Part } from './Part'

const FOR_SEVERAL = ['run_to', 'run_force_chosen', 'fold', 'duplicate', 'fit_chosen', 'delete']

export function MultipleSelection({ count }: { count: number }) {
  useRun(isBusy)
  return (
    <>
      <Head title={<h2 className={classes.name}>{count} modules selected</h2>} line="Select one to edit its settings." />
      <Part title="Actions">
        <div className={classes.actions}>
          {availableCommands(FOR_SEVERAL).map((command) => <Button key={command.id} h={28} px={10} fz={12} variant="default" data-once disabled={command.can ? !command.can() : false} onClick={() => command.run()}>{command.title}</Button>)}
        </div>
      </Part>
    </>
  )
}
