import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/automl', under: '/', frame: 'workspace', page: () => import('./NewSearchPage') }, { path: '/automl/:id', under: '/', frame: 'navigation', page: () => import('./SearchPage') }],
}
