export { Canvas } from './Canvas'
