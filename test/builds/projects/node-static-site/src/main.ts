import './style.css';
import { palette } from './palette';

const app = document.querySelector('#app');
for (const colour of palette(8)) {
  const swatch = document.createElement('div');
  swatch.style.background = colour;
  swatch.textContent = colour;
  app?.append(swatch);
}
