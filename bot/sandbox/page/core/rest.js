// @ts-check
// Discord's REST API as one member sees it: JSON or files out, JSON or a readable error back.

const PATIENCE = 4;

/** An answer that was not a success; its message can be shown to people. */
class ApiError extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(describe(status, body));
    this.status = status;
    /** @type {number} */
    this.code = body?.code ?? 0;
  }
}

/** @param {number} status @param {any} body */
function describe(status, body) {
  const detail = leaf(body?.errors);
  if (detail) return detail;
  if (body?.message) return String(body.message);
  return status ? `The server answered ${status}.` : "The sandbox does not answer.";
}

/** The first message in Discord's tree of form errors. @param {any} tree @returns {string | null} */
function leaf(tree) {
  if (!tree || typeof tree !== "object") return null;
  if (Array.isArray(tree._errors) && tree._errors[0]?.message) return String(tree._errors[0].message);
  return (
    Object.values(tree)
      .map(leaf)
      .find((found) => found) ?? null
  );
}

export class Rest {
  /** @param {string} base @param {string} token */
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }

  /** @param {string} path @param {Record<string, string | number>} [query] @returns {Promise<any>} */
  get(path, query) {
    const search = query
      ? `?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`
      : "";
    return this.#call("GET", path + search);
  }

  /**
   * @param {string} path
   * @param {unknown} [body]
   * @param {{files?: File[], progress?: (part: number) => void}} [upload] `progress` hears parts from 0 to 1
   * @returns {Promise<any>}
   */
  post(path, body, upload) {
    return upload?.files?.length
      ? this.#upload(path, body, upload.files, upload.progress)
      : this.#call("POST", path, body);
  }

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  patch(path, body) {
    return this.#call("PATCH", path, body);
  }

  /** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  put(path, body) {
    return this.#call("PUT", path, body);
  }

  /** @param {string} path @returns {Promise<any>} */
  delete(path) {
    return this.#call("DELETE", path);
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async #call(method, path, body) {
    const headers = {
      Authorization: this.token,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    };
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(this.base + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      }).catch(() => {
        throw new ApiError(0, null);
      });
      const value = await answer.json().catch(() => null);
      if (answer.ok) return value;
      if (answer.status !== 429 || attempt === PATIENCE) throw new ApiError(answer.status, value);
      await pause(value?.retry_after ?? 1);
    }
  }

  /**
   * @param {string} path
   * @param {unknown} body
   * @param {File[]} files
   * @param {(part: number) => void} [progress]
   */
  async #upload(path, body, files, progress) {
    const form = new FormData();
    form.append("payload_json", JSON.stringify(body));
    files.forEach((file, index) => form.append(`files[${index}]`, file, file.name));
    for (let attempt = 1; ; attempt++) {
      const answer = await send(this.base + path, this.token, form, progress);
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      if (answer.status !== 429 || attempt === PATIENCE) throw new ApiError(answer.status, answer.body);
      await pause(answer.body?.retry_after ?? 1);
    }
  }
}

/**
 * `fetch` cannot tell how far an upload is; XMLHttpRequest can.
 * @param {string} url
 * @param {string} token
 * @param {FormData} form
 * @param {(part: number) => void} [progress]
 * @returns {Promise<{status: number, body: any}>}
 */
function send(url, token, form, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Authorization", token);
    request.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
    request.onload = () => resolve({ status: request.status, body: parsed(request.responseText) });
    request.onerror = () => reject(new ApiError(0, null));
    request.send(form);
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {number} seconds */
function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, Math.min(seconds, 30) * 1000));
}
