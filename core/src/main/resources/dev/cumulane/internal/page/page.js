// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

// Brings the news of a page that changes by itself. Without it the page reloads now and then.
"use strict";
(() => {
    const main = document.querySelector("main[data-live]");
    if (!main) {
        return;
    }
    const pause = 2000;
    const longestPause = 30000;
    const mostLines = 5000;
    let streams = typeof EventSource === "function";
    let source = null;
    let timer = 0;
    let wait = pause;

    const lines = () => document.querySelector("#log-lines[data-live]");

    /** Where something is asked for, with what was seen of it. */
    function address(text, parameters) {
        const url = new URL(text, location.href);
        Object.entries(parameters).forEach(([name, value]) => url.searchParams.set(name, value));
        return url;
    }

    function replace(part, fresh) {
        const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
        part.replaceWith(fresh);
        if (focused) {
            document.getElementById(focused)?.focus();
        }
    }

    /** Puts each part that has changed in its place. */
    function show(html) {
        const fresh = new DOMParser().parseFromString(html, "text/html");
        const next = fresh.querySelector("main");
        if (!next) {
            return;
        }
        const before = lines()?.dataset.live;
        next.querySelectorAll("[data-part]").forEach((part) => {
            const shown = document.getElementById(part.id);
            if (shown && shown.dataset.key !== part.dataset.key) {
                const log = part.querySelector("#log-lines");
                const same = log && shown.querySelector("#log-lines") && shown.dataset.key === part.dataset.key.replace("-ended", "");
                replace(shown, document.adoptNode(part));
                if (log && same) {
                    log.scrollTop = log.scrollHeight;
                }
            }
        });
        const title = document.querySelector("[data-part='head'] h1");
        if (title) {
            document.title = title.textContent + " · Cumulane";
        }
        main.dataset.seen = next.dataset.seen ?? main.dataset.seen;
        if (!next.dataset.live) {
            delete main.dataset.live;
            stop();
        } else if (lines()?.dataset.live !== before) {
            restart();
        }
    }

    function add(news) {
        const log = lines();
        if (!log) {
            return;
        }
        const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
        log.insertAdjacentHTML("beforeend", news.html);
        log.dataset.from = news.next;
        while (log.childNodes.length > mostLines) {
            log.firstChild.remove();
        }
        if (follows) {
            log.scrollTop = log.scrollHeight;
        }
    }

    async function fetchNews() {
        const answer = await fetch(address(main.dataset.live, { seen: main.dataset.seen }), { redirect: "error" });
        if (answer.status === 200) {
            show(await answer.text());
        } else if (answer.status !== 204) {
            throw new Error(String(answer.status));
        }
    }

    async function fetchLog() {
        const log = lines();
        if (log) {
            const answer = await fetch(address(log.dataset.live, { from: log.dataset.from }), { redirect: "error" });
            if (answer.status === 200) {
                add(await answer.json());
            }
        }
    }

    async function poll() {
        try {
            await fetchNews();
            await fetchLog();
            wait = pause;
        } catch {
            wait = Math.min(wait * 2, longestPause);
        }
        if (main.dataset.live && !document.hidden) {
            timer = setTimeout(poll, wait);
        }
    }

    /** Follows a stream, where the server has one; each ends by itself, and the next one goes on from what was seen. */
    function follow() {
        const log = lines();
        const parameters = { seen: main.dataset.seen };
        if (log) {
            new URL(log.dataset.live, location.href).searchParams.forEach((value, name) => { parameters[name] = value; });
            parameters.log = log.dataset.live.split("/")[4];
            parameters.from = log.dataset.from;
        }
        let heard = false;
        source = new EventSource(address(main.dataset.live, parameters));
        source.onopen = () => { heard = true; };
        source.addEventListener("news", () => fetchNews().catch(() => restart()));
        source.addEventListener("log", (event) => add(JSON.parse(event.data)));
        source.onerror = () => {
            streams = heard;
            wait = heard ? 250 : pause;
            restart();
        };
    }

    function stop() {
        clearTimeout(timer);
        source?.close();
        source = null;
    }

    function restart() {
        stop();
        if (main.dataset.live && !document.hidden) {
            timer = setTimeout(streams ? follow : poll, streams ? wait : 0);
        }
    }

    /** How long something goes on that has not ended. */
    function tick() {
        document.querySelectorAll("[data-since]").forEach((span) => {
            const seconds = Math.max(0, Math.floor((Date.now() - Number(span.dataset.since)) / 1000));
            const two = (number) => String(number).padStart(2, "0");
            span.textContent = seconds < 60 ? `${seconds} s`
                : seconds < 3600 ? `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
                : `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
        });
    }

    document.addEventListener("visibilitychange", restart);
    addEventListener("pagehide", stop);
    addEventListener("pageshow", restart);
    setInterval(tick, 1000);
    const log = document.querySelector("#log-lines");
    if (log) {
        log.scrollTop = log.scrollHeight;
    }
    wait = 0;
    restart();
    wait = pause;
})();
