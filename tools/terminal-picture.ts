import stringWidth from 'string-width';

/** Size of one terminal cell in the picture, in SVG units. */
const CELL = { width: 8.4, height: 19 };
const MARGIN = 16;

/** Colours of SGR codes (ECMA-48 8.3.117), on a dark page. */
const INKS: Readonly<Record<number, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  37: '#ffffff',
};
const PAPERS: Readonly<Record<number, string>> = { 41: '#b62324', 42: '#238636', 43: '#9e6a03', 44: '#1f6feb' };

interface Pen {
  readonly ink?: string;
  readonly paper?: string;
  readonly bold: boolean;
  readonly dim: boolean;
}

const PLAIN: Pen = { bold: false, dim: false };

/** Draws what a terminal shows as an SVG picture: the text of a capture with its SGR colours, nothing else is understood. */
export function terminalPicture(capture: string, columns: number, title: string): string {
  const lines = capture.trimEnd().split('\n');
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = lines.length * CELL.height + 2 * MARGIN;
  const body: string[] = [];
  let pen = PLAIN;
  for (const [row, line] of lines.entries()) {
    let column = 0;
    for (const piece of line.split(/(\u001B\[[\d;]*m)/)) {
      const codes = /^\u001B\[([\d;]*)m$/.exec(piece)?.[1];
      if (codes !== undefined) {
        pen = codes.split(';').map(Number).reduce(turn, pen);
        continue;
      }
      const cells = stringWidth(piece);
      if (cells > 0) body.push(run(piece, column, row, cells, pen));
      column += cells;
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', Menlo, Consolas, monospace" font-size="14">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function turn(pen: Pen, code: number): Pen {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...pen, bold: true };
  if (code === 2) return { ...pen, dim: true };
  if (code === 22) return { ...pen, bold: false, dim: false };
  if (code === 39) return without(pen, 'ink');
  if (code === 49) return without(pen, 'paper');
  const [ink, paper] = [INKS[code], PAPERS[code]];
  return { ...pen, ...(ink === undefined ? {} : { ink }), ...(paper === undefined ? {} : { paper }) };
}

function without(pen: Pen, field: 'ink' | 'paper'): Pen {
  const { [field]: _, ...rest } = pen;
  return rest;
}

function run(text: string, column: number, row: number, cells: number, { ink = '#e6edf3', paper, bold, dim }: Pen): string {
  const x = round(MARGIN + column * CELL.width);
  const y = MARGIN + row * CELL.height;
  const back =
    paper === undefined ? '' : `<rect x="${x}" y="${y}" width="${round(cells * CELL.width)}" height="${CELL.height}" fill="${paper}"/>`;
  if (text.trim() === '') return back;
  const weight = bold ? ' font-weight="bold"' : '';
  const faint = dim ? ' opacity="0.6"' : '';
  // `textLength` keeps the grid whatever font the reader has.
  return `${back}<text x="${x}" y="${y + 14}" textLength="${round(cells * CELL.width)}" fill="${ink}"${weight}${faint} xml:space="preserve">${escaped(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
