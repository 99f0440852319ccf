import { Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { counted } from '../../core/base/numbers'
import type { RegisteredModel } from '../../core/data/models'
import { asApiError, deleteModel, deleteModelVersion } from '../../server/rest'
import { Confirm } from '../../ui/Confirm'

interface Props {
  model: RegisteredModel
  /** The version to delete; null deletes the model with all versions. */
  number: number | null
  onClose: () => void
}

/** What is used is refused; runs that have loaded a version can be passed over. */
export function DeleteModel({ model, number, onClose }: Props) {
  const [, go] = useLocation()
  const queries = useQueryClient()
  const [evenIfUsed, setEvenIfUsed] = useState(false)
  const deleting = useMutation({
    mutationFn: () => (number === null ? deleteModel(model.id, evenIfUsed) : deleteModelVersion(model.id, number, evenIfUsed)),
    onSuccess: async () => {
      onClose()
      go(number === null ? '/models' : `/models/${model.id}`)
      if (number !== null) await queries.invalidateQueries({ queryKey: ['model', model.id] })
      await queries.invalidateQueries({ queryKey: ['models'] })
    },
  })
  const fault = deleting.error && asApiError(deleting.error)
  return (
    <Confirm
      opened onClose={onClose} title={number === null ? `Delete “${model.name}”?` : `Delete version ${number} of “${model.name}”?`} action={number === null ? 'Delete model' : 'Delete version'}
      busy={deleting.isPending} error={fault} onConfirm={() => deleting.mutate()}
    >
      {number === null ? `The model, ${counted(model.versions.length, 'version')} and the history of decisions are deleted for good.` : 'The version is deleted for good. Its number is not used again.'} Pipelines that use it
      will report that it does not exist.
      {(fault?.code === 'was_loaded' || evenIfUsed) && <Checkbox mt="sm" label="Delete it although runs have loaded it" checked={evenIfUsed} onChange={(event) => setEvenIfUsed(event.currentTarget.checked)} />}
    </Confirm>
  )
}
