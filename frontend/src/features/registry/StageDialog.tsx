import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { STAGE_WORDS, STAGES, type ModelVersion, type RegisteredModel, type Stage } from '../../core/data/models'
import { asApiError, setModelStage } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'

/** Another stage for a version, with the reason: a decision, so that the arrow keys of a select alone make none. */
export function StageDialog({ model, version, onClose }: { model: RegisteredModel; version: ModelVersion; onClose: () => void }) {
  const queries = useQueryClient()
  const choices = STAGES.filter((stage) => stage !== version.stage)
  const [stage, setStage] = useState<Stage>(version.stage === 'candidate' ? 'approved' : 'candidate')
  const [why, setWhy] = useState('')
  const change = useMutation({
    mutationFn: () => setModelStage(model.id, version.number, { stage, why }),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['model', model.id] }),
  })
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={change.isPending}>Change stage</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Change the stage of version ${version.number}?`} error={change.error && asApiError(change.error)} onSubmit={() => change.mutate()} buttons={buttons}>
      <NativeSelect
        label="Stage" description={`It is ${STAGE_WORDS[version.stage].toLowerCase()} now.`} data-autofocus value={stage}
        data={choices.map((each) => ({ value: each, label: STAGE_WORDS[each] }))} onChange={(event) => setStage(event.currentTarget.value as Stage)}
      />
      <TextInput label="Reason" description="Kept in the history." maxLength={500} value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
    </Dialog>
  )
}
