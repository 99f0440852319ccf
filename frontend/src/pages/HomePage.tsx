import { useEffect } from 'react'
import { Home } from '../features/home'
import { loadCatalogue } from '../state/catalogue'
import { useWorkspace } from '../state/workspace'
import { Shell } from './Shell'

export default function HomePage() {
  const { workspace } = useWorkspace()
  useEffect(() => void loadCatalogue(), [])
  return <Shell><Home workspace={workspace?.id} /></Shell>
}
