import { Anchor, Button, FileInput, NativeSelect, Progress, Textarea, TextInput } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { percent } from '../../core/base/numbers'
import { FILE_TYPES, featuresProblem, modelNameProblem, namesOf, readFeatures, suggestedName, TASK_WORDS, type ModelImport } from '../../core/data/models'
import { asApiError, getModelImport, importModel } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'
import classes from './registry.module.css'

const LOOK_MS = 1000

/** The import once its file is read; the server answers after a while even if it is not. */
async function settled(found: ModelImport): Promise<ModelImport> {
  let now = found
  while (now.state === 'going') {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS) })
    now = await getModelImport(now.id)
  }
  return now
}

interface Props {
  workspace: string
  /** The model that gets a version; empty for a new one. */
  name?: string
  onClose: () => void
}

/** Uploads a file of another program, which is read in a sandbox and becomes a version. */
export function ImportModel({ workspace, name: fixed = '', onClose }: Props) {
  const queries = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState(fixed)
  const [more, setMore] = useState({ note: '', task: '', label: '', features: '', classes: '' })
  const [share, setShare] = useState(0)
  const sending = useMutation({
    mutationFn: async () => {
      setShare(0)
      const fields = { ...more, name, workspace, features: readFeatures(more.features), classes: namesOf(more.classes) }
      return file && settled(await importModel(file, fields, setShare))
    },
    onSuccess: async (found) => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      if (found?.model) await queries.invalidateQueries({ queryKey: ['model', found.model] })
    },
  })
  const found = sending.data
  if (found?.state === 'done') return <Imported found={found} onClose={onClose} />
  const trouble = modelNameProblem(name) ?? featuresProblem(more.features)
  const ready = file !== null && name !== '' && trouble === null
  const set = (key: keyof typeof more) => (event: { currentTarget: { value: string } }) => setMore({ ...more, [key]: event.currentTarget.value })
  const pick = (chosen: File | null) => {
    setFile(chosen)
    sending.reset()
    if (chosen && name === '') setName(suggestedName(chosen.name.replace(/\.[a-z]+$/i, '')))
  }
  const error = sending.error ? asApiError(sending.error) : found?.fault ? { words: found.fault.words, remedy: found.fault.remedy || null } : null
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={sending.isPending} disabled={!ready}>Import</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title="Import a model" error={error} onSubmit={() => ready && !sending.isPending && sending.mutate()} buttons={buttons}>
      <FileInput
        label="File" data-autofocus accept={FILE_TYPES} leftSection={<IconUpload size={14} />} placeholder="Choose a file" value={file} onChange={pick} clearable
        description="skops, ONNX, LightGBM text, XGBoost JSON or UBJSON, or an MLflow model folder as ZIP. Pickle and joblib files are never read."
      />
      {fixed === '' && <TextInput label="Name" value={name} error={modelNameProblem(name)} description="A new name creates a model; an existing one gets the next version." onChange={(event) => setName(event.currentTarget.value)} />}
      <TextInput label="Note" maxLength={2000} value={more.note} onChange={set('note')} />
      <details className={classes.more}>
        <summary>What the file does not say</summary>
        <div className={classes.fields}>
          <NativeSelect label="Task" value={more.task} onChange={set('task')} data={[{ value: '', label: 'Read from the file' }, ...Object.entries(TASK_WORDS).map(([value, label]) => ({ value, label }))]} />
          <TextInput label="Label" description="The column that it predicts." value={more.label} onChange={set('label')} />
          <Textarea
            label="Inputs" autosize minRows={3} maxRows={10} value={more.features} error={featuresProblem(more.features)} onChange={set('features')} placeholder={'age: number\nmake: text'}
            description="One a line, in the order of the model; types are number, integer, text and boolean."
          />
          <TextInput label="Classes" description="In the order of the probabilities, with commas; of two, the positive one last." value={more.classes} onChange={set('classes')} />
        </div>
      </details>
      {sending.isPending && (
        <div role="status">
          <div className={classes.small}>{share < 1 ? `Uploading, ${percent(share)}` : 'Reading the file in a sandbox, and predicting a row with it'}</div>
          <Progress mt={4} value={share * 100} animated={share >= 1} aria-label="Progress of the import" />
        </div>
      )}
    </Dialog>
  )
}

function Imported({ found, onClose }: { found: ModelImport; onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title="Import a model" onSubmit={onClose} buttons={<Button type="submit" data-autofocus>Close</Button>}>
      <div role="status">
        {found.new ? 'Imported as ' : 'Equal content was there: '}
        <Anchor component={Link} href={`/models/${found.model}?version=${found.version}`} onClick={onClose}>{found.name}, version {found.version}</Anchor>.
      </div>
      {found.notes.length > 0 && <ul className={classes.notes}>{found.notes.map((note) => <li key={note}>{note}</li>)}</ul>}
    </Dialog>
  )
}
