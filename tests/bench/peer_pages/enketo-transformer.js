import { transform } from "enketo-transformer/web";

self.transformForm = transform;
