import { mount } from "svelte";
import App from "./App.svelte";
import { listenToApp } from "./lib/live";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });
void listenToApp();
