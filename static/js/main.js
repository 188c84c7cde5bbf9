// Every page loads this; each behaviour wakes only where its attribute stands.
import { connectAll } from "touchline/behaviour";
import "touchline/theme";
import "touchline/menu";
import "touchline/keys";
import "touchline/palette";
import "touchline/panel";
import "touchline/toast";
import "touchline/dropzone";
import "touchline/progress";
import "touchline/figure";
import "touchline/know";
import "touchline/points";
import "touchline/autosubmit";
import "touchline/copy";
import "touchline/bell";
import "touchline/paper";
import "touchline/sortable";
import "touchline/tip";
import "touchline/fresh";
import "touchline/scope";

connectAll();
document.documentElement.dataset.ready = "";
