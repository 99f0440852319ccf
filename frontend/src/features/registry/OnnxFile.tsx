import { Anchor, Button, Loader } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { asApiError } from '../../core/base/apiError'
import { bytes } from '../../core/base/numbers'
import { differenceWords, type ModelVersion, type RegisteredModel } from '../../core/data/models'
import { getOnnxFile, modelDownloadUrl, writeOnnxFile } from '../../server/rest'
import { useMayEdit } from '../../state/workspace'
import { Failure } from '../../ui/Failure'
import { Section } from '../../ui/Section'
import classes from './registry.module.css'

const LOOK_MS = 2000
const HELP = 'A conversion, whose answers differ a little: the file is executed with ONNX Runtime, and the largest difference is measured and written into it. skops and MLflow folders hold the model as it is.'

/** The version as an ONNX file: it is written on demand, with its difference. */
export function OnnxFile({ model, version }: { model: RegisteredModel; version: ModelVersion }) {
  const queries = useQueryClient()
  const edits = useMayEdit(model.workspace)
  const key = ['model', model.id, 'onnx', version.number]
  const file = useQuery({
    queryKey: key,
    queryFn: () => getOnnxFile(model.id, version.number),
    // a file that was asked for on this page is in the cache
    enabled: ({ state }) => version.onnx !== null || state.data !== undefined,
    initialData: version.onnx ?? undefined,
    refetchInterval: ({ state }) => (state.data?.state === 'going' ? LOOK_MS : false),
  })
  const writing = useMutation({ mutationFn: () => writeOnnxFile(model.id, version.number), onSuccess: (found) => queries.setQueryData(key, found) })
  const found = file.data ?? null
  const ask = edits && <Button size="xs" variant="default" data-once loading={writing.isPending} onClick={() => writing.mutate()}>{found?.state === 'failed' ? 'Try again' : 'Write ONNX file'}</Button>
  return (
    <Section title="ONNX" help={HELP}>
      {found === null && (edits ? ask : <div className={classes.small}>Nobody has asked for it; an editor of the workspace can.</div>)}
      {found?.state === 'going' && <div role="status" className={classes.buttons}><Loader size="xs" /> Writing the file and measuring its difference</div>}
      {found?.state === 'failed' && found.fault && <><Failure error={{ words: found.fault.words, remedy: found.fault.remedy || null }} />{ask}</>}
      {found?.state === 'done' && found.difference && (
        <div role="status">
          <Anchor href={modelDownloadUrl(model.id, version.number, 'onnx')} download>Download ONNX file</Anchor>, {bytes(found.bytes)}. {differenceWords(found.difference)}
        </div>
      )}
      {file.error && <Failure error={asApiError(file.error)} />}
      {writing.error && <Failure error={asApiError(writing.error)} />}
    </Section>
  )
}
