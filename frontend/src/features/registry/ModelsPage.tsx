import { Button, TextInput } from '@mantine/core'
import { IconRosetteDiscountCheck, IconSearch, IconSearchOff, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { metric } from '../../core/base/numbers'
import { firstFigure, matchesModel, STAGE_WORDS, type RegisteredModel } from '../../core/data/models'
import { mayEdit, type Workspace } from '../../core/team/people'
import { modelsQuery } from '../../state/models'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Timestamp } from '../../ui/Timestamp'
import { Chips } from './Chips'
import { ImportModel } from './ImportModel'

/** The registered models of a workspace. */
export default function ModelsPage({ workspace }: { workspace: Workspace }) {
  const [search, setSearch] = useState('')
  const [importing, setImporting] = useState(false)
  const models = useQuery(modelsQuery(workspace.id))
  const filter = <TextInput type="search" w={220} aria-label="Filter models" placeholder="Filter by name or description" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
  const edits = mayEdit(workspace)
  const actions = <>{filter}{edits && <Button variant="default" leftSection={<IconUpload size={16} stroke={1.6} />} onClick={() => setImporting(true)}>Import</Button>}</>
  return (
    <Page title="Models" actions={actions}>
      <QueryBoundary query={models}>{(all) => <Models models={all.filter((one) => matchesModel(one, search))} any={all.length > 0} edits={edits} />}</QueryBoundary>
      {importing && <ImportModel workspace={workspace.id} onClose={() => setImporting(false)} />}
    </Page>
  )
}

function Models({ models, any, edits }: { models: RegisteredModel[]; any: boolean; edits: boolean }) {
  if (models.length === 0) {
    if (any) return <Box><Empty title="No model matches" icon={IconSearchOff}>The filter searches names, former names and descriptions.</Empty></Box>
    return (
      <Box>
        <Empty title="No registered models yet" icon={IconRosetteDiscountCheck}>
          {edits ? 'Run a pipeline that trains a model, show the results of the training module, and press Register model. Or import a file of another program.' : 'An editor of the workspace can register a trained model from the results of a run.'}
        </Empty>
      </Box>
    )
  }
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead>
          <tr><th scope="col">Name</th><th scope="col" data-wider>Description</th><th scope="col">Aliases</th><th scope="col" data-number>Versions</th><th scope="col" data-wide>Newest</th><th scope="col" data-number data-wider>Figure</th><th scope="col" data-wide>Registered</th></tr>
        </thead>
        <tbody>{models.map((model) => <Row key={model.id} model={model} />)}</tbody>
      </table>
    </div>
  )
}

function Row({ model }: { model: RegisteredModel }) {
  const [newest] = model.versions
  const figure = newest && firstFigure(newest)
  return (
    <tr>
      <td data-name><Link href={`/models/${model.id}`}>{model.name}</Link></td>
      <td data-wider className={list.wrapped}>{model.description}</td>
      <td><Chips words={Object.entries(model.aliases).map(([alias, number]) => `${alias} → v${number}`)} /></td>
      <td data-number>{model.versions.length}</td>
      <td data-wide>{newest && `v${newest.number}, ${newest.title}, ${STAGE_WORDS[newest.stage].toLowerCase()}`}</td>
      <td data-number data-wider>{figure && `${figure.title} ${metric(figure.value)}`}</td>
      <td data-wide className={list.soft}><Timestamp at={newest?.created_at ?? model.created_at} /></td>
    </tr>
  )
}
