import { composeFormat } from './compose.ts';
import type { FileFormat } from './format.ts';
import { nginxFormat } from './nginx.ts';
import { redisFormat } from './redis.ts';

/** Every configuration format that Custos reads, in the order in which they are asked. A new one is a file and a line here. */
export const FORMATS: readonly FileFormat[] = [nginxFormat, redisFormat, composeFormat];
