import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { STAGE_WORDS, type ModelVersion, type RegisteredModel } from '../../core/data/models'
import { atLeast } from '../../core/team/people'
import { modelDownloadUrl } from '../../server/rest'
import { modelVersionQuery } from '../../state/models'
import { useMayEdit, useWorkspace } from '../../state/workspace'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { DeleteModel } from './DeleteModel'
import { Gates } from './Gates'
import { OnnxFile } from './OnnxFile'
import { OriginFacts } from './OriginFacts'
import classes from './registry.module.css'
import { StageDialog } from './StageDialog'
import { Figures, SignatureTable } from './VersionTables'

/** One version: its stage, figures, signature and origin. */
export function VersionDetails({ model, number }: { model: RegisteredModel; number: number }) {
  const version = useQuery(modelVersionQuery(model.id, number))
  return (
    <Section title={`Version ${number}`} help={version.data?.note}>
      <QueryBoundary query={version}>{(one) => <Details model={model} version={one} />}</QueryBoundary>
    </Section>
  )
}

const DOWNLOADS = [{ as: 'skops', title: 'Model (skops)' }, { as: 'mlflow', title: 'MLflow model folder (zip)' }]

function Details({ model, version }: { model: RegisteredModel; version: ModelVersion }) {
  const [deleting, setDeleting] = useState(false)
  const [deciding, setDeciding] = useState(false)
  const edits = useMayEdit(model.workspace)
  const decides = useDecides(model)
  return (
    <div className={classes.parts}>
      <div className={classes.buttons}>
        <span className={classes.small}>{STAGE_WORDS[version.stage]}.{!decides && ' Admins and owners of the workspace change the stage.'}</span>
        {decides && <Button size="xs" variant="default" onClick={() => setDeciding(true)}>Change stage</Button>}
        <DownloadMenu choices={DOWNLOADS.map(({ as, title }) => ({ title, url: modelDownloadUrl(model.id, version.number, as) }))} />
        {edits && <Button size="xs" variant="default" leftSection={<IconTrash size={14} stroke={1.6} />} onClick={() => setDeleting(true)}>Delete version</Button>}
      </div>
      <Gates model={model} number={version.number} decides={decides} />
      <OriginFacts version={version} />
      <Figures version={version} />
      <SignatureTable version={version} />
      <OnnxFile model={model} version={version} />
      {deciding && <StageDialog model={model} version={version} onClose={() => setDeciding(false)} />}
      {deleting && <DeleteModel model={model} number={version.number} onClose={() => setDeleting(false)} />}
    </div>
  )
}

/** Whether one is an admin or owner of the workspace of a model. */
function useDecides(model: RegisteredModel): boolean {
  const { all } = useWorkspace()
  const role = all.find(({ id }) => id === model.workspace)?.role
  return role !== undefined && atLeast(role, 'admin')
}
