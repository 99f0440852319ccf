import { Button, Checkbox, Group, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { THRESHOLDS, type EndpointDrift, type MonitorSettings } from '../../core/endpoints/monitoring'
import { asApiError, changeMonitoring } from '../../server/rest'
import { endpointKey } from '../../state/endpoints'
import { CopyLine } from '../../ui/CopyLine'
import { Dialog } from '../../ui/Dialog'
import { Failure } from '../../ui/Failure'
import { NumberField } from '../../ui/NumberField'
import { Section } from '../../ui/Section'

const WINDOWS = [{ value: 'hour', label: 'An hour' }, { value: 'day', label: 'A day' }, { value: 'rows', label: 'A number of rows' }]

interface Props {
  endpoint: string
  settings: Record<string, unknown>
  notices: EndpointDrift['notices']
}

/** Windows, and the bounds beyond which a change matters. */
export function MonitorSettingsForm({ endpoint, settings, notices }: Props) {
  const queries = useQueryClient()
  const [form, setForm] = useState(settings as unknown as MonitorSettings)
  const [webhook, setWebhook] = useState(notices.webhook)
  const [email, setEmail] = useState<boolean | undefined>(undefined) // undefined: as it is, which may be another person's address
  const fresh = () => queries.invalidateQueries({ queryKey: endpointKey(endpoint) })
  const save = useMutation({ mutationFn: () => changeMonitoring(endpoint, { ...form, thresholds: { ...form.thresholds }, webhook, email }), onSuccess: fresh })
  const set = (part: Partial<MonitorSettings>) => setForm((now) => ({ ...now, ...part }))
  return (
    <Section title="Settings" help="A change is a signal when it is beyond chance for the size of the window, and beyond its bound here.">
      <form onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
        <Stack gap="sm">
          <Switch label="Compare with the reference" checked={form.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
          <Group gap="sm" align="flex-end">
            <Select label="A window is" w={180} allowDeselect={false} data={WINDOWS} value={form.window} onChange={(value) => set({ window: value as MonitorSettings['window'] })} />
            {form.window === 'day' && <TextInput label="Time zone" w={180} value={form.zone} onChange={(event) => set({ zone: event.currentTarget.value })} />}
            {form.window === 'rows' && <NumberField label="Rows" w={140} min={200} allowDecimal={false} value={form.rows} onChange={(value) => set({ rows: Number(value) })} />}
          </Group>
          <Group gap="sm" align="flex-end">
            {THRESHOLDS.map(({ key, title, percent }) => (
              <NumberField
                key={key} label={title} w={230} min={0} suffix={percent ? '\u00a0%' : undefined} value={percent ? Number((form.thresholds[key] * 100).toFixed(4)) : form.thresholds[key]}
                onChange={(value) => set({ thresholds: { ...form.thresholds, [key]: percent ? Number(value) / 100 : Number(value) } })}
              />
            ))}
          </Group>
          <TextInput label="Send notices to" description="The address of a webhook" placeholder="https://" maw={480} value={webhook} onChange={(event) => setWebhook(event.currentTarget.value)} />
          <Checkbox label="Send me notices by email" description={notices.email ? `Now they go to ${notices.email}.` : 'If the administrator has set up a mail server.'} checked={email ?? notices.email !== ''} onChange={(event) => setEmail(event.currentTarget.checked)} />
          <Group><Button type="submit" variant="default" loading={save.isPending}>Save settings</Button></Group>
          {save.error && <Failure error={asApiError(save.error)} />}
        </Stack>
      </form>
      {save.data && (save.data.notices.secrets.webhook || save.data.notices.notes.length > 0) && (
        <Dialog onClose={save.reset} title="The settings are saved" buttons={<Button onClick={save.reset} data-autofocus>Done</Button>}>
          {save.data.notices.notes.map((note) => <p key={note}>{note}</p>)}
          {save.data.notices.secrets.webhook && <><p>Notices are signed (Standard Webhooks) with this secret. It is shown this once.</p><CopyLine label="Secret of notices" help="The receiver checks the signature with it." text={save.data.notices.secrets.webhook} /></>}
        </Dialog>
      )}
    </Section>
  )
}
