import { useEffect } from 'react'
import { Home } from '../features/home'
import { loadCatalogue } from '../state/catalogue'
import { InWorkspace } from './InWorkspace'

export default function HomePage() {
  useEffect(() => void loadCatalogue(), [])
  return <InWorkspace>{(workspace) => <Home workspace={workspace} />}</InWorkspace>
}
