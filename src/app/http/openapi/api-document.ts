import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { completeDocument } from './complete-document.js';

const DESCRIPTION = `Instances of AI WebUIs: created from blueprints, supervised, logged, reachable behind one sign-in.

Every answer that is no success has the shape *Error*. Beside what the routes list, each may answer 400 \`AMBIGUOUS_REQUEST\`,
421 \`UNKNOWN_HOST\`, 500 \`INTERNAL\` and 503 \`DATABASE_BUSY\`.

Three WebSockets are not listed below, because OpenAPI has no words for them: \`/api/events\` (scope \`read\`),
\`/api/instances/{id}/terminal\` (\`terminal\`) and \`/api/system/terminal\` (\`admin\`). docs/api.md describes what they say.`;

/** `/api/openapi.json` and `/api/docs`. The document is put together when somebody first asks for it. */
export function addApiDocument(app: NestFastifyApplication, version: string): void {
  const config = new DocumentBuilder()
    .setTitle('AiKore')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token' })
    .addCookieAuth('aikore_session')
    .build();
  SwaggerModule.setup('api/docs', app, () => completeDocument(SwaggerModule.createDocument(app, config)), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
  });
}
