"""A real Chromium over a real server, and what every page owes to people who do not see it well."""

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from payment_service.composition import open_context
from payment_service.context import Context
from payment_service.serving import started
from payment_service.settings import Settings, read_settings

CHROMIUM = Path("/usr/bin/chromium")
IS_CHROMIUM_HERE = CHROMIUM.exists()
REFUSED_FORM = "the server responded with a status of 422"
"""What the console says of a page that names a field to be mended."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

FAULTS = """() => {
  const faults = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  const name = (e) => e.outerHTML.slice(0, 90);
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page scrolls sideways');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (!document.documentElement.lang) faults.push('no language');
  if (document.querySelectorAll('main').length !== 1) faults.push('not one main');
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  if (new Set(ids).size !== ids.length) faults.push('an id is used twice');
  let level = 0;
  for (const e of document.querySelectorAll('h1, h2, h3, h4')) {
    const next = Number(e.tagName[1]);
    if (next > level + 1) faults.push('a heading level is skipped: ' + name(e));
    level = next;
  }
  for (const e of document.querySelectorAll('img'))
    if (!e.alt) faults.push('no words for ' + name(e));
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
    if (!e.labels.length) faults.push('no label for ' + name(e));
  for (const e of document.querySelectorAll('button, a'))
    if (shown(e) && !(e.getAttribute('aria-label') || e.textContent).trim())
      faults.push('no name for ' + name(e));
  for (const e of document.querySelectorAll('button, .language'))
    if (shown(e) && e.getBoundingClientRect().height < 24) faults.push('too small: ' + name(e));
  for (const attribute of ['aria-labelledby', 'aria-describedby'])
    for (const e of document.querySelectorAll(`[${attribute}]`))
      for (const id of e.getAttribute(attribute).split(' '))
        if (!document.getElementById(id)) faults.push('nothing has the id ' + id);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !shown(e)) continue;
    const pair = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < 4.5) faults.push('too little contrast: ' + name(e));
  }
  return faults;
}"""
"""Returns what is wrong with the page that is shown, as sentences."""


def settings_for(folder: Path, database_url: str) -> Settings:
    """Return settings for a server on a free port over a database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = {"DATA_FOLDER": str(folder), "PORT": str(port), "WORKERS": "1", "POOL_SIZE": "4"}
    settings = read_settings({f"PAYMENT_SERVICE_{name}": text for name, text in values.items()})
    return replace(settings, database_url=database_url)


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a running server over a fresh database."""
    settings = settings_for(tmp_path, database_url)
    with ExitStack() as stack:
        stack.enter_context(started(settings))
        yield settings


@pytest.fixture
async def house(served: Settings) -> AsyncIterator[Context]:
    """What use cases are given, over the server's own database and keys."""
    async with open_context(served) as context:
        yield context


@pytest.fixture
async def chromium(anyio_backend: str) -> AsyncIterator[Browser]:  # noqa: ARG001 - its event loop
    """A browser; skips where the machine has none."""
    if not IS_CHROMIUM_HERE:
        pytest.skip(f"no browser at {CHROMIUM}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def window(
    chromium: Browser, settings: Settings, *, width: int = 360, **options: Any
) -> AsyncIterator[Page]:
    """Open a window of its own cookies; what its console says, such as a blocked script, fails."""
    context = await chromium.new_context(
        base_url=settings.public_url, viewport={"width": width, "height": 780}, **options
    )
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    await context.close()
    assert [each for each in said if REFUSED_FORM not in each] == []
