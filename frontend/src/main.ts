import { createServices } from './app/services.js';
import { SessionFlow } from './app/session-flow.js';
import { Toaster } from './ui/toast.js';
import { installTooltips } from './ui/tooltip.js';

const services = createServices();
const toaster = new Toaster((id) => services.notices.dismiss(id));
services.notices.list.on((notices) => toaster.show(notices));
installTooltips();

const root = document.getElementById('app');
if (root) new SessionFlow(services, root);
