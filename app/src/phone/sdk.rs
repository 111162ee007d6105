//! Twilio's voice SDK as npm has it: what the phone uses of it, and nothing more. It is a script of its own, which the page
//! loads when the phone is first switched on; until then none of this may be called.

use js_sys::{Array, Function, Map, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// The phone.
    #[derive(Clone)]
    #[wasm_bindgen(js_namespace = Twilio)]
    pub(super) type Device;

    #[wasm_bindgen(constructor, js_namespace = Twilio, catch)]
    pub(super) fn new(token: &str, options: &JsValue) -> Result<Device, JsValue>;
    #[wasm_bindgen(method)]
    fn on(this: &Device, event: &str, listener: &Function);
    #[wasm_bindgen(method)]
    pub(super) fn register(this: &Device) -> Promise;
    #[wasm_bindgen(method, catch)]
    pub(super) fn destroy(this: &Device) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = updateToken)]
    pub(super) fn update_token(this: &Device, token: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    pub(super) fn connect(this: &Device, options: &JsValue) -> Promise;
    #[wasm_bindgen(method, getter)]
    pub(super) fn audio(this: &Device) -> Option<Audio>;

    /// Its microphones and speakers.
    #[derive(Clone)]
    pub(super) type Audio;

    #[wasm_bindgen(method)]
    pub(super) fn incoming(this: &Audio, on: bool) -> bool;
    #[wasm_bindgen(method)]
    pub(super) fn outgoing(this: &Audio, on: bool) -> bool;
    #[wasm_bindgen(method, js_name = setInputDevice)]
    pub(super) fn set_input(this: &Audio, id: &str) -> Promise;
    #[wasm_bindgen(method, js_name = unsetInputDevice)]
    pub(super) fn unset_input(this: &Audio) -> Promise;
    #[wasm_bindgen(method, getter, js_name = speakerDevices)]
    pub(super) fn speakers(this: &Audio) -> Outputs;

    /// Where something is played.
    pub(super) type Outputs;

    #[wasm_bindgen(method)]
    pub(super) fn set(this: &Outputs, id: &str) -> Promise;

    /// A call in the phone.
    #[derive(Clone)]
    pub(super) type Call;

    #[wasm_bindgen(method, js_name = on)]
    fn listen(this: &Call, event: &str, listener: &Function);
    #[wasm_bindgen(method, catch)]
    pub(super) fn accept(this: &Call, options: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn reject(this: &Call) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn ignore(this: &Call) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn disconnect(this: &Call) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn mute(this: &Call, on: bool) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = sendDigits)]
    pub(super) fn send_digits(this: &Call, digits: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    pub(super) fn status(this: &Call) -> String;
    #[wasm_bindgen(method, getter)]
    fn parameters(this: &Call) -> Object;
    #[wasm_bindgen(method, getter, js_name = customParameters)]
    fn custom(this: &Call) -> Map;
}

/// What an event of the SDK brings.
pub(super) type Heard = dyn FnMut(JsValue, JsValue);

impl Device {
    /// Listens as long as the phone lives; the browser forgets the listener with it.
    pub(super) fn hear(&self, event: &str, react: impl FnMut(JsValue, JsValue) + 'static) {
        self.on(event, &listener(react));
    }
}

impl Call {
    /// Listens as long as the call lives.
    pub(super) fn hear(&self, event: &str, react: impl FnMut(JsValue, JsValue) + 'static) {
        self.listen(event, &listener(react));
    }

    /// The carrier's name for it, once it has one.
    pub(super) fn sid(&self) -> Option<String> {
        text(&self.parameters(), "CallSid").filter(|sid| sid.starts_with("CA"))
    }

    /// Whose number the carrier shows.
    pub(super) fn from(&self) -> String {
        text(&self.parameters(), "From").unwrap_or_default()
    }

    /// What the server said with the call; empty when it did not.
    pub(super) fn said(&self, name: &str) -> String {
        self.custom().get(&name.into()).as_string().unwrap_or_default()
    }
}

fn listener(react: impl FnMut(JsValue, JsValue) + 'static) -> Function {
    let react: Box<Heard> = Box::new(react);
    Closure::wrap(react).into_js_value().unchecked_into()
}

/// A text in an object.
pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    Reflect::get(object, &name.into()).ok()?.as_string()
}

/// The number of an error of the SDK; 0 when it has none.
pub(super) fn code(error: &JsValue) -> u32 {
    let code = Reflect::get(error, &"code".into()).ok().and_then(|code| code.as_f64()).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of five digits")]
    let code = code as u32;
    code
}

/// Whether the script is there, and this browser can make calls.
pub(super) fn is_supported() -> Option<bool> {
    Reflect::get(&device_class()?, &"isSupported".into()).ok()?.as_bool()
}

/// Lets sounds be heard that the browser held back until somebody clicked.
pub(super) fn unlock() {
    let context = device_class().and_then(|class| Reflect::get(&class, &"audioContext".into()).ok());
    let Some(context) = context.filter(JsValue::is_object) else { return };
    if let Ok(resume) = Reflect::get(&context, &"resume".into())
        && let Some(resume) = resume.dyn_ref::<Function>()
    {
        let _ = resume.apply(&context, &Array::new());
    }
}

fn device_class() -> Option<JsValue> {
    let sdk = Reflect::get(&js_sys::global(), &"Twilio".into()).ok().filter(JsValue::is_object)?;
    Reflect::get(&sdk, &"Device".into()).ok().filter(JsValue::is_function)
}
