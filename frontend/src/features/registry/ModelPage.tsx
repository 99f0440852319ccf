import { Button, Skeleton } from '@mantine/core'
import { IconPencil, IconTrash, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { asApiError } from '../../core/base/apiError'
import type { RegisteredModel } from '../../core/data/models'
import { lineageAddress } from '../../core/runs/lineage'
import { modelQuery } from '../../state/models'
import { useEnter, useMayEdit } from '../../state/workspace'
import { Failure } from '../../ui/Failure'
import { NotFound } from '../../ui/NotFound'
import { Page } from '../../ui/Page'
import { Aliases } from './Aliases'
import { CompareVersions } from './CompareVersions'
import { DeleteModel } from './DeleteModel'
import { EditModel } from './EditModel'
import { History } from './History'
import { ImportModel } from './ImportModel'
import classes from './registry.module.css'
import { VersionDetails } from './VersionDetails'
import { Versions } from './Versions'

/** One registered model: its versions, aliases and history, or versions side by side. */
export default function ModelPage({ id }: { id: string }) {
  const model = useQuery(modelQuery(id))
  useEnter(model.data?.workspace)
  if (asApiError(model.error).status === 404) return <NotFound what="Model"><Link href="/models">All models</Link></NotFound>
  if (model.error) return <Page title="Model"><Failure error={asApiError(model.error)} onRetry={() => void model.refetch()} /></Page>
  if (!model.data) return <Page title={<Skeleton h={20} w={220} my={6} />}><Skeleton h={180} /></Page>
  return <Loaded model={model.data} />
}

const numbersOf = (text: string | null) => (text ?? '').split(',').map(Number).filter((number) => number > 0)

function Loaded({ model }: { model: RegisteredModel }) {
  const [params, setParams] = useSearchParams()
  const [asking, setAsking] = useState<'edit' | 'import' | 'delete' | null>(null)
  const edits = useMayEdit(model.workspace)
  const compared = numbersOf(params.get('compare'))
  const [shown = model.versions[0]?.number ?? null] = numbersOf(params.get('version'))
  if (compared.length > 1) return <CompareVersions model={model} numbers={compared} />
  const facts = (
    <>
      {model.description && <span>{model.description}</span>}
      {model.former_names.length > 0 && <span>Formerly {model.former_names.join(', ')}</span>}
    </>
  )
  const lineage = shown !== null && <Button variant="default" component={Link} href={lineageAddress(`model:${model.id}.${shown}`)}>Lineage</Button>
  const actions = edits ? (
    <>
      {lineage}
      <Button variant="default" leftSection={<IconUpload size={16} stroke={1.6} />} onClick={() => setAsking('import')}>Import a version</Button>
      <Button variant="default" leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => setAsking('edit')}>Edit</Button>
      <Button variant="default" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setAsking('delete')}>Delete</Button>
    </>
  ) : lineage
  return (
    <Page title={model.name} facts={facts} actions={actions}>
      <div className={classes.parts}>
        <Versions model={model} shown={shown} onShow={(number) => setParams({ version: String(number) }, { replace: true })} onCompare={(numbers) => setParams({ compare: numbers.join(',') })} />
        <Aliases model={model} edits={edits} />
        {shown !== null && <VersionDetails key={shown} model={model} number={shown} />}
        <History model={model} />
      </div>
      {asking === 'import' && <ImportModel workspace={model.workspace} name={model.name} onClose={() => setAsking(null)} />}
      {asking === 'edit' && <EditModel model={model} onClose={() => setAsking(null)} />}
      {asking === 'delete' && <DeleteModel model={model} number={null} onClose={() => setAsking(null)} />}
    </Page>
  )
}
