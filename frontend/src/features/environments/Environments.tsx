import { Button, Group } from '@mantine/core'
import { IconPackage, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { BUILD_FOR, BUILD_WORDS, isBuilding, type Build, type BuildState, type Environment } from '../../core/team/environments'
import { counted } from '../../core/base/numbers'
import { mayEdit, type Workspace } from '../../core/team/people'
import { buildEnvironment, deleteEnvironment } from '../../server/rest'
import { environmentsKey, useEnvironments } from '../../state/environments'
import { Box } from '../../ui/Box'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { ConfirmAction } from '../../ui/ConfirmAction'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'
import { StateMark, type MarkState } from '../../ui/StateMark'
import { BuildLog } from './BuildLog'
import { NewEnvironment } from './NewEnvironment'

const MARKS: Record<BuildState, MarkState> = { none: 'skipped', waiting: 'waiting', building: 'running', built: 'done', failed: 'failed' }

type Open = { what: 'log' | 'delete'; one: Environment } | null

/** The environments of a workspace: their packages, build state and build log. */
export function Environments({ workspace }: { workspace: Workspace }) {
  const queries = useQueryClient()
  const environments = useEnvironments(workspace.id)
  const [making, setMaking] = useState(false)
  const [open, setOpen] = useState<Open>(null)
  const refresh = () => queries.invalidateQueries({ queryKey: environmentsKey(workspace.id) })
  const close = () => setOpen(null)
  const build = useMutation({ mutationFn: buildEnvironment, onSettled: refresh })
  const edits = mayEdit(workspace)
  return (
    <Section title="Environments" help="Packages for modules that run in the sandbox, such as Python scripts, or in a container. Select one in the execution settings of a module. Each is built once, as a directory for the sandbox and as an image if Docker is available.">
      {edits && <Button variant="default" mb="sm" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>New environment</Button>}
      <QueryBoundary query={environments}>
        {(all) => all.length === 0 ? <Box><Empty title="No environments yet" icon={IconPackage}>Scripts can use the packages that Easel includes. Create an environment to add others.</Empty></Box> : (
          <List all={all} edits={edits} onLog={(one) => setOpen({ what: 'log', one })} onDelete={(one) => setOpen({ what: 'delete', one })} onBuild={(one) => build.mutate(one.id)} />
        )}
      </QueryBoundary>
      <NewEnvironment opened={making} workspace={workspace.id} onClose={() => setMaking(false)} onMade={(one) => setOpen({ what: 'log', one })} />
      {open?.what === 'log' && <BuildLog environment={open.one} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmAction onClose={close} title={`Delete “${open.one.name}”?`} action="Delete environment" act={() => deleteEnvironment(open.one.id)} onTried={refresh}>
          Modules that use it cannot run until it is created again or they use another environment.
        </ConfirmAction>
      )}
    </Section>
  )
}

interface ListProps {
  all: Environment[]
  edits: boolean
  onLog: (one: Environment) => void
  onBuild: (one: Environment) => void
  onDelete: (one: Environment) => void
}

function List({ all, edits, onLog, onBuild, onDelete }: ListProps) {
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Name</th><th scope="col" data-wide>Packages</th><th scope="col">State</th><td /></tr></thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.id}>
              <th scope="row">{one.name}</th>
              <td data-wide title={one.requirements.join('\n')}>{counted(one.requirements.length, 'package')}</td>
              <td className={list.wrapped}>{one.builds.map((build) => <BuildShown key={build.target} build={build} />)}</td>
              <td data-actions>
                {one.state !== 'none' && <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onLog(one)} aria-label={`Build log of ${one.name}`}>Log</Button>}
                {edits && !isBuilding(one.state) && <Button size="compact-xs" variant="subtle" color="gray" data-once onClick={() => onBuild(one)} aria-label={`Build ${one.name}`}>Build</Button>}
                {edits && <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onDelete(one)} aria-label={`Delete ${one.name}`}>Delete</Button>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function BuildShown({ build: { target, state, why } }: { build: Build }) {
  return (
    <>
      <Group gap={6} wrap="nowrap"><StateMark state={MARKS[state]} />{BUILD_FOR[target]}: {BUILD_WORDS[state].toLowerCase()}</Group>
      {why && <span className={list.soft}>{why}</span>}
    </>
  )
}
