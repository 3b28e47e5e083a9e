import { setAttribute } from '../base/dom.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Outlines on a grid of 16, drawn for AiKore. `+` in front fills the shape. */
const PATHS = {
  play: '+M5 3.2v9.6a.5.5 0 0 0 .77.42l7.2-4.8a.5.5 0 0 0 0-.84l-7.2-4.8A.5.5 0 0 0 5 3.2z',
  stop: '+M5 4h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z',
  restart: 'M12.8 8a4.8 4.8 0 1 1-1.5-3.5M12.9 2.3v2.9H10',
  open: 'M9.5 2.8h3.7v3.7M13 3 7.8 8.2M11.2 9.6v3.1H3.3V4.8h3.1',
  more: 'M3.4 8h.01M8 8h.01M12.6 8h.01',
  terminal: 'M2 3h12v10H2zM4.6 6l2 2-2 2M8.2 10.2h3',
  log: 'M2.8 4h10.4M2.8 8h10.4M2.8 12h6',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  search: 'M7 11.4a4.4 4.4 0 1 0 0-8.8 4.4 4.4 0 0 0 0 8.8zM10.3 10.3l3.2 3.2',
  'chevron-down': 'M4 6.2l4 4 4-4',
  'chevron-up': 'M4 9.8l4-4 4 4',
  'chevron-right': 'M6.2 4l4 4-4 4',
  'chevron-left': 'M9.8 4l-4 4 4 4',
  warning: 'M8 2.6 14.3 13.4H1.7zM8 6.6v3M8 11.4h.01',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.4v3.4M8 5.2h.01',
  check: 'M3.2 8.4l3.2 3.2 6.4-7',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.6v1.4M8 13v1.4M1.6 8H3M13 8h1.4M3.5 3.5l1 1M11.5 11.5l1 1M12.5 3.5l-1 1M4.5 11.5l-1 1',
  moon: 'M13.2 9.6A5.6 5.6 0 1 1 6.4 2.8a4.4 4.4 0 0 0 6.8 6.8z',
  screen: 'M2.5 3h11v7.5h-11zM5.5 13.2h5M8 10.6v2.4',
  sliders:
    'M2 5h6.2M11.8 5H14M2 11h2.2M7.8 11H14M10 6.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM6 12.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
  download: 'M8 2.5v7.6M4.7 7 8 10.3 11.3 7M3 13.4h10',
  expand: 'M6 2.6H2.6V6M10 2.6h3.4V6M6 13.4H2.6V10M10 13.4h3.4V10',
  shrink: 'M2.6 6H6V2.6M13.4 6H10V2.6M2.6 10H6v3.4M13.4 10H10v3.4',
  copy: 'M5.6 5.6V2.8h7.6v7.6h-2.8M2.8 5.6h7.6v7.6H2.8z',
  trash: 'M2.8 4.5h10.4M6 4.3V2.8h4v1.5M4.2 4.7l.6 8.5h6.4l.6-8.5M6.8 7.2v3.6M9.2 7.2v3.6',
  wrap: 'M2.5 4h11M2.5 8h8.8a2.1 2.1 0 0 1 0 4.2H8.4M10 10.4l-1.8 1.8L10 14',
  clear:
    'M6 13.2h7.5M5.6 12.9 2.7 10a.8.8 0 0 1 0-1.1l5.8-5.8a.8.8 0 0 1 1.1 0l3.6 3.6a.8.8 0 0 1 0 1.1l-5.1 5.1zM5.7 6l4.4 4.4',
  end: 'M8 2.6v7.6M4.7 7 8 10.3 11.3 7M3.4 13.4h9.2',
  grip: 'M6 3.6h.01M10 3.6h.01M6 8h.01M10 8h.01M6 12.4h.01M10 12.4h.01',
  power: 'M8 2.4v5M5 4.4a4.7 4.7 0 1 0 6 0',
  pen: 'M3 13l.7-2.9 7-7a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7l-7 7zM9.6 4.2l2.2 2.2',
  undo: 'M5.6 3 2.8 5.8l2.8 2.8M3 5.8h6.4a3.7 3.7 0 0 1 0 7.4H6',
  bolt: 'M9.2 1.8 3.6 9h3.8l-.8 5.2L12.4 7H8.5z',
  key: 'M6 11.8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8.2 6.7l4.6-4.5M10.9 4.1l1.9 1.8',
  book: 'M3 3.2h3.6A1.4 1.4 0 0 1 8 4.6v8.2a1.6 1.6 0 0 0-1.6-1.2H3zM13 3.2H9.4A1.4 1.4 0 0 0 8 4.6v8.2a1.6 1.6 0 0 1 1.6-1.2H13z',
  bell: 'M4.2 11.2V7.4a3.8 3.8 0 0 1 7.6 0v3.8l1.2 1.4H3zM6.6 14h2.8',
  gear: 'M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.8v1.9M8 12.3v1.9M1.8 8h1.9M12.3 8h1.9M3.6 3.6l1.4 1.4M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4',
  device: 'M2.5 3.4h11v7.2h-11zM1.4 13h13.2',
  list: 'M5.6 4h8M5.6 8h8M5.6 12h8M2.6 4h.01M2.6 8h.01M2.6 12h.01',
  plug: 'M6 1.8v3M10 1.8v3M4.2 4.8h7.6v2.6a3.8 3.8 0 0 1-7.6 0zM8 11.2v3',
  exit: 'M9.6 5.2V3H3v10h6.6v-2.2M6.4 8h7M11.2 5.8 13.4 8l-2.2 2.2',
  keyboard: 'M1.8 4.2h12.4v7.6H1.8zM4.4 6.8h.01M6.8 6.8h.01M9.2 6.8h.01M11.6 6.8h.01M5 9.4h6',
  chart: 'M2.4 2.6v10.8h11.2M4.8 10.4 7.4 6.8l2.4 2 3.4-4.4',
  view: 'M2.2 3h11.6v10H2.2zM2.2 5.8h11.6M4.2 4.4h.01M6 4.4h.01',
  minus: 'M3 8h10',
  reload: 'M3.2 8a4.8 4.8 0 1 0 1.5-3.5M3.1 2.3v2.9H6',
  cpu: 'M4.4 4.4h7.2v7.2H4.4zM6.6 1.8v2.6M9.4 1.8v2.6M6.6 11.6v2.6M9.4 11.6v2.6M1.8 6.6h2.6M1.8 9.4h2.6M11.6 6.6h2.6M11.6 9.4h2.6',
  clock: 'M8 13.6A5.6 5.6 0 1 0 8 2.4a5.6 5.6 0 0 0 0 11.2zM8 4.8V8l2.2 1.4',
  history: 'M3.1 6.2A5.2 5.2 0 1 1 2.8 8.6M2.6 3.2v3h3M8 5.4V8l1.8 1.1',
  case: 'M1.8 11.8 4.9 4.2h.2l3.1 7.6M2.9 9.3h4.2M13.8 8v3.8M13.8 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
  'text-size': 'M2 12.4 5.6 3.6h.3l3.6 8.8M3.3 9.4h4.9M11 9.6h4M13 7.6v4',
  script: 'M5.6 5 2.6 8l3 3M10.4 5l3 3-3 3M9 3.4 7 12.6',
  compare: 'M3 2.8h4v10.4H3zM9 2.8h4v10.4H9zM4.4 6h1.2M4.4 8.6h1.2M10.4 6h1.2M10.4 8.6h1.2',
  archive: 'M2.2 3h11.6v3.2H2.2zM3.2 6.2V13h9.6V6.2M6.4 8.8h3.2',
  upload: 'M8 10.4V2.8M4.7 6 8 2.7 11.3 6M3 13.4h10',
  satellite: 'M2.6 2.8h6v5h-6zM7.4 11.4h6v-5H11M5.6 7.8v2.4h1.8',
  box: 'M8 1.9 13.4 4.8v6.4L8 14.1l-5.4-2.9V4.8zM2.8 4.9 8 7.7l5.2-2.8M8 7.7v6.2',
  eye: 'M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
  'eye-off': 'M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8zM3 13 13 3',
  'status-stopped': 'M8 12.6a4.6 4.6 0 1 0 0-9.2 4.6 4.6 0 0 0 0 9.2z',
  'status-queued': 'M8 13a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM8 5.4V8l1.8 1.2',
  'status-starting':
    'M8 3.2a4.8 4.8 0 0 1 4.8 4.8M8 12.8A4.8 4.8 0 0 1 3.2 8M8 12.8A4.8 4.8 0 0 0 11.4 11.4M4.6 4.6A4.8 4.8 0 0 0 3.2 8',
  'status-started': '+M8 12.8a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6z',
  'status-stalled': 'M8 2.8 14 13H2zM8 6.4v3M8 11.2h.01',
  'status-stopping': 'M8 13a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM6.4 6.4h3.2v3.2H6.4z',
  'status-error': 'M8 13.2A5.2 5.2 0 1 0 8 2.8a5.2 5.2 0 0 0 0 10.4zM6.2 6.2l3.6 3.6M9.8 6.2 6.2 9.8',
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative picture; the word beside it or the button's label says what it means. */
export function icon(name: IconName, className = ''): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon ${className}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  svg.appendChild(document.createElementNS(SVG, 'path'));
  setIcon(svg, name);
  return svg;
}

/** Changes the picture of an icon in place. */
export function setIcon(svg: SVGSVGElement, name: IconName): void {
  const drawing: string = PATHS[name];
  const isFilled = drawing.startsWith('+');
  const path = svg.firstElementChild;
  if (!path) return;
  setAttribute(path, 'd', isFilled ? drawing.slice(1) : drawing);
  setAttribute(svg, 'data-icon', name);
  setAttribute(path, 'fill', isFilled ? 'currentColor' : 'none');
  setAttribute(path, 'stroke', isFilled ? 'none' : 'currentColor');
}
