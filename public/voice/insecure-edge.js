// The voice SDK only knows wss:. This lets it reach a carrier on the same machine, which has no certificate; it is loaded
// before the SDK, and only when the server says that calls go through such a carrier.
(() => {
  const { host } = document.currentScript.dataset;
  const Secure = window.WebSocket;
  window.WebSocket = class extends Secure {
    constructor(url, protocols = []) {
      super(String(url).replace(`wss://${host}/`, `ws://${host}/`), protocols);
    }
  };
})();
