import { describe, expect, test } from 'vitest';
import { fitPath, widthOf } from '../../src/report/text/layout.ts';
import { folders } from '../support/folder.ts';
import { custos } from '../support/shell.ts';

const folder = folders();

describe('places', () => {
  test('a long path loses its middle, never its file name, line or column', () => {
    const path = 'hosts/payments-bastion-shanghai-2/mirror/of/the/machine/etc/audit/rules.d/audit.rules:12:7';
    for (const width of [77, 60, 40, 30]) {
      const shown = fitPath(path, width);
      expect(widthOf(shown)).toBeLessThanOrEqual(width);
      expect(shown).toMatch(/audit\.rules:12:7$/);
      expect(shown).toContain('…');
    }
    expect(fitPath(path, 70)).toMatch(/^hosts\/…\//);
    expect(fitPath(path, 120)).toBe(path);
    expect(fitPath('资金存管平台配置目录/数据库服务器/配置文件.conf:3:1', 30)).toMatch(/^…?.*文件\.conf:3:1$/);
    expect(widthOf(fitPath(`${'x'.repeat(200)}:1:1`, 40))).toBeLessThanOrEqual(40);
  });
  test('a long directory on the command line shows whole places in the report', async () => {
    const deep = 'hosts/payments-bastion-shanghai-number-two/mirror-of-the-machine/srv/redis';
    const { out } = await custos(['scan', 'hosts'], { cwd: folder({ [`${deep}/redis.conf`]: 'bind 0.0.0.0\nprotected-mode no\n' }) });
    expect(out).toMatch(/…\/.*redis\.conf:1:6/);
  });
  test('the caret stands under the value, also where a whole list decided', async () => {
    const compose = 'services:\n  app:\n    image: x:1\n    environment:\n      BANK_API_KEY: live_51HxQm2eZvKYlo2C\n';
    const cwd = folder({ 'docker-compose.yml': compose });
    const { out } = await custos(['scan', '.'], { cwd });
    expect(out).toMatch(/IAM-16[\s\S]*?docker-compose\.yml:5:21\n.*\n.*BANK_API_KEY: ‹redacted›\n.*│ {21}\^/);
    expect(out).not.toContain('also docker-compose');
  });
  test.each([
    ['en', /sshd_config \(the file as a whole\)\n {3}Fix/],
    ['zh', /sshd_config （整个文件）\n {3}整改/],
  ])('what stands nowhere has no caret (%s)', async (lang, message) => {
    const { out } = await custos(['scan', '.', '-p', 'custody-strict', '--lang', lang, '--product', 'openssh=9.2'], {
      cwd: folder({ sshd_config: 'PermitRootLogin no\nPasswordAuthentication no\n' }),
    });
    expect(out).toMatch(message);
  });
  test('findings that one line decides name the others only', async () => {
    const servers = ['a', 'b', 'c'].map((name) => `server { listen 443 ssl; server_name ${name}.example; }`).join('\n');
    const cwd = folder({ 'nginx.conf': `events {}\nhttp {\nssl_protocols SSLv3;\n${servers}\n}\n` });
    const { out } = await custos(['scan', '.', '--product', 'nginx=1.26.2', '--product', 'openssl=3.0.15'], { cwd });
    expect(out).toMatch(/a\.example:443 still accepts SSLv3[\s\S]*?the same at b\.example:443, c\.example:443\n/);
  });
});
